/** The vendor's names for where the core keeps its files. Source: TIMCloudDef.h, `kTIMSdkConfig...`. */
const pathFields = ["sdk_config_config_file_path", "sdk_config_log_file_path"];

/**
 * `TIMInit`'s configuration with the game's data folder for each path that it does not give. The text is kept as it is
 * otherwise: numbers beyond 2^53, such as a Java VM's pointer, would not survive being read and written again. Throws where it
 * is no JSON object.
 */
export function completedSdkConfig(json: string, dataFolder: string | undefined): string {
  const given = json.trim() === "" ? "{}" : json;
  const fields = readObject(given);
  const missing = dataFolder === undefined ? [] : pathFields.filter((name) => !(name in fields));
  if (missing.length === 0) return json;
  const added = missing.map((name) => `${JSON.stringify(name)}:${JSON.stringify(dataFolder)}`).join(",");
  const rest = given.slice(given.indexOf("{") + 1);
  return `{${added}${Object.keys(fields).length === 0 ? "" : ","}${rest}`;
}

function readObject(json: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    parsed = undefined;
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
    throw new Error("json_sdk_config is not a JSON object; give one, or leave it out");
  }
  return parsed;
}
