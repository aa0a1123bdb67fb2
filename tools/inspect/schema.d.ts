/** What proto/ says, put in by tools/lib/build-inspector.mjs. */
declare module "chatbridge:schema" {
  const schema: import("protobufjs").INamespace;
  export default schema;
}
