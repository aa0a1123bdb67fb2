// What a document's TypeScript takes as given: a reader has it already.
declare const sdkAppId: number;
declare const userSig: string;
