/**
 * The protocol's number, as Open takes it: major * 100000 + minor. Two sides agree within a major version. The major
 * version stands in every frame.
 */
export const protocolNumber = { min: 100_000, max: 100_000 } as const;

/** The major version, as it stands in every frame. */
export const protocolMajor = 1;

/** A protocol number for people: "1.0". */
export function showProtocol(number: number): string {
  return `${Math.floor(number / 100_000)}.${number % 100_000}`;
}
