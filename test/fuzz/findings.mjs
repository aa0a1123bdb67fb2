/** Something that is not as it should be. */
export class Finding extends Error {
  /** `index`: the number of the frame, where it is one frame's; `bytes`: that frame. */
  constructor(what, { index, bytes } = {}) {
    super(what);
    this.index = index;
    this.bytes = bytes;
  }
}
