// Values on both sides of every limit.
const text = (string) => Buffer.from(string, "utf8");

export const goodIds = [
  "alice",
  "bob",
  "u_7",
  "c2c_alice",
  "group_",
  "GROUP",
  'say "hi"',
  "back\\slash",
  "tab\tline\nbell\u0007",
  "null",
  "[]",
  "\u007f",
  "会话",
  "naïve",
  "\u2028x",
  "\ufeffbom",
  "😀",
  "u".repeat(32),
].map(text);

export const goodGroupIds = [
  ...goodIds,
  text("g".repeat(48)),
  text(`@TGS#_${"c".repeat(42)}@TOPIC#_${"t".repeat(40)}`),
  text("@TGS#_community@TOPIC#_news"),
];

export const badIds = [
  text(""),
  text("alice\0"),
  text("\0"),
  text("al\0ice"),
  text("c2c_bob\0x"),
  text("group_7\0"),
  text("u".repeat(33)),
  text("会".repeat(11)),
  text("g".repeat(49)),
  text("g".repeat(97)),
  text("x".repeat(3000)),
  text(`${"c".repeat(49)}@TOPIC#_t`),
  text(`@TGS#_${"c".repeat(42)}@TOPIC#_${"t".repeat(41)}`),
  Buffer.from([0x61, 0xff]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xe4, 0xbc]),
  Buffer.from([0x80]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from([0xf0, 0x80, 0x80, 0xaf]),
];

export const jsons = ["", "{}", "[]", '["c2c_alice"]', '{"a":1}', "{nope", "null", "[[[[", '"', "7"].map(text);

/** Whole numbers where one more or less makes a difference; the last do not fit 64 bits. */
export const numbers = [
  0,
  1,
  2,
  3,
  4,
  5,
  9,
  15,
  16,
  100,
  127,
  128,
  255,
  1001,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_ffff,
  0x1_0000_0000,
  0x1_0000_0001,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 69n + 1n,
];
