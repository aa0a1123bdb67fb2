/** A conversation in the model: the texts, and whether it is in the list. */
interface Kept {
  listed: boolean;
  texts: string[];
}

interface Copy {
  readonly kept: Map<string, Kept>;
  missed: { readonly name: string; readonly clear: boolean }[];
}

interface Device {
  user: string | undefined;
  /** Another number after each change of user. */
  login: number;
  readonly copies: Map<string, Copy>;
}

/**
 * What EmbeddedServer and its devices have to do, in the plainest words, and nothing of how: texts and names only, all
 * texts different. Names of conversations are prefixed ids.
 */
export class Model {
  sync = false;
  /** For each device, the list that it had at each login that it has made, before it caught up; oldest first. */
  readonly listAtLogin = new Map<number, string[][]>();
  readonly #server = new Map<string, Map<string, Kept>>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #devices: Device[];

  constructor(devices: number) {
    this.#devices = Array.from({ length: devices }, () => ({ user: undefined, login: 0, copies: new Map() }));
  }

  membersOf(groupId: string): Set<string> {
    return getOr(this.#groups, groupId, () => new Set<string>());
  }

  sendC2C(from: string, to: string, text: string): void {
    this.#arrive(from, `c2c_${to}`, text);
    if (from !== to) this.#arrive(to, `c2c_${from}`, text);
  }

  sendGroup(from: string, groupId: string, text: string): boolean {
    if (!this.membersOf(groupId).has(from)) return false;
    for (const member of this.membersOf(groupId)) this.#arrive(member, `group_${groupId}`, text);
    return true;
  }

  login(device: number, user: string): number[] {
    const it = this.#device(device);
    if (it.user === user) return [0];
    it.user = user;
    it.login++;
    const copy = this.#copy(device, user);
    getOr(this.listAtLogin, device, () => []).push(this.listOn(device, user));
    for (const { name, clear } of copy.missed) remove(copy.kept, name, clear);
    copy.missed = [];
    for (const [name, { listed }] of this.#onServer(user)) if (listed) this.#pull(copy, user, name);
    return [0];
  }

  logout(device: number): number[] {
    const it = this.#device(device);
    if (it.user === undefined) return [6014];
    it.user = undefined;
    it.login++;
    return [0];
  }

  /** An answer that is 6014 unless the device's login, when it is due, is the one of now. */
  bind(device: number, answer: () => number[]): () => number[] {
    const { user, login } = this.#device(device);
    return () => (user !== undefined && this.#device(device).login === login ? answer() : [6014]);
  }

  /** One answer for each name; undefined: nobody is signed in. */
  delete(device: number, names: readonly string[], clear: boolean): boolean[] | undefined {
    const { user } = this.#device(device);
    if (user === undefined) return undefined;
    const done = new Map<string, boolean>();
    for (const name of new Set(names)) {
      const places = [this.#copy(device, user).kept.get(name), this.#onServer(user).get(name)];
      const there = places.some((kept) => kept !== undefined && (kept.listed || (clear && kept.texts.length > 0)));
      done.set(name, there);
      if (!there) continue;
      remove(this.#onServer(user), name, clear);
      this.#devices.forEach((other, index) => {
        if (index !== device && !this.sync) return;
        const copy = other.copies.get(user);
        if (copy === undefined) return;
        if (other.user === user) remove(copy.kept, name, clear);
        else copy.missed.push({ name, clear });
      });
    }
    return names.map((name) => done.get(name) === true);
  }

  /** The game ends and starts again on every device. */
  restart(): void {
    for (const device of this.#devices) {
      device.user = undefined;
      device.login++;
    }
    this.listAtLogin.clear();
  }

  listOnServer(user: string): string[] {
    return listed(this.#onServer(user));
  }

  historyOnServer(user: string, name: string): string[] {
    return this.#onServer(user).get(name)?.texts ?? [];
  }

  listOn(device: number, user: string): string[] {
    return listed(this.#device(device).copies.get(user)?.kept ?? new Map());
  }

  historyOn(device: number, user: string, name: string): string[] {
    return this.#device(device).copies.get(user)?.kept.get(name)?.texts ?? [];
  }

  #arrive(user: string, name: string, text: string): void {
    const kept = getOr(this.#onServer(user), name, () => ({ listed: true, texts: [] as string[] }));
    kept.listed = true;
    kept.texts = [...kept.texts, text];
    this.#devices.forEach((device, index) => {
      if (device.user === user) this.#pull(this.#copy(index, user), user, name);
    });
  }

  #pull(copy: Copy, user: string, name: string): void {
    const texts = [...(copy.kept.get(name)?.texts ?? []), ...this.historyOnServer(user, name)];
    const number = (text: string) => Number(text.slice(1));
    copy.kept.set(name, { listed: true, texts: [...new Set(texts)].sort((a, b) => number(a) - number(b)) });
  }

  #device(index: number): Device {
    return this.#devices[index] as Device;
  }

  #copy(device: number, user: string): Copy {
    return getOr(this.#device(device).copies, user, () => ({ kept: new Map(), missed: [] }));
  }

  #onServer(user: string): Map<string, Kept> {
    return getOr(this.#server, user, () => new Map());
  }
}

function listed(kept: Map<string, Kept>): string[] {
  return [...kept].filter(([, each]) => each.listed).map(([name]) => name);
}

function remove(kept: Map<string, Kept>, name: string, clear: boolean): void {
  const one = kept.get(name);
  if (one !== undefined) one.listed = false;
  if (clear) kept.delete(name);
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
