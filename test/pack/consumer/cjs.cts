// The same package, required.
import bridgeModule = require("tim-chatbridge");
import embeddedModule = require("tim-chatbridge/embedded-core");

const bridge: bridgeModule.Bridge = bridgeModule.connect({ core: new embeddedModule.EmbeddedCore({ userId: "me" }) });
export const result: bridgeModule.TIMResult = bridge.ConvDelete(
  "alice",
  bridgeModule.TIMConvType.kTIMConv_C2C,
  () => {},
);

// @ts-expect-error there is no such function
bridge.ConvRemove("alice");
