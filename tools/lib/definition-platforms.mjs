// For which platforms Unity compiles an assembly definition: its includePlatforms and excludePlatforms.

/** What Unity 2021.3 calls them. The editor is one, whatever it builds for. */
export const platforms = [
  ...["Editor", "WindowsStandalone32", "WindowsStandalone64", "macOSStandalone", "LinuxStandalone64"],
  ...[
    "Android",
    "iOS",
    "tvOS",
    "WebGL",
    "WSA",
    "PS4",
    "PS5",
    "Switch",
    "XboxOne",
    "GameCoreScarlett",
    "GameCoreXboxOne",
  ],
  ...["CloudRendering", "EmbeddedLinux", "Lumin", "Stadia"],
];

/**
 * Throws where Unity would refuse the definition: a name it does not know, or both lists at once.
 * @param {{ name: string, includePlatforms?: readonly string[], excludePlatforms?: readonly string[] }} definition
 * @param {string} platform
 */
export function isForPlatform({ name, includePlatforms = [], excludePlatforms = [] }, platform) {
  const unknown = [...includePlatforms, ...excludePlatforms].filter((one) => !platforms.includes(one));
  if (unknown.length > 0)
    throw new Error(`${name}.asmdef names ${unknown.join(", ")}, which is no platform of Unity's`);
  if (includePlatforms.length > 0 && excludePlatforms.length > 0)
    throw new Error(`${name}.asmdef has includePlatforms and excludePlatforms: Unity takes one of them`);
  if (!platforms.includes(platform)) throw new Error(`${platform} is no platform of Unity's`);
  return includePlatforms.length > 0 ? includePlatforms.includes(platform) : !excludePlatforms.includes(platform);
}

/** Such an assembly is seen by the game's editor code alone. */
export const isEditorOnly = ({ includePlatforms = [] }) => includePlatforms.join() === "Editor";
