/** Protocol numbers, as Open takes them: 1000 * major + minor. Two sides agree within a major version. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

/** What this script speaks. */
export const spokenProtocols: ProtocolRange = { min: 1000, max: 1000 };

/** The major version, as it stands in every frame. */
export function majorOf(protocol: number): number {
  return Math.floor(protocol / 1000);
}

/** A protocol number for people: "1.0". */
export function showProtocol(protocol: number): string {
  return `${majorOf(protocol)}.${protocol % 1000}`;
}
