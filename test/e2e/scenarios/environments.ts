// Whole script environments that are disposed, replaced and made anew, with calls under way. The scenario itself runs in
// another one, which never connects.
import type { Command } from "./other-script.js";
import { holds, nativeScenario, type Stage, same, scenario } from "./scenario.js";

const fn = { convDelete: 5 } as const;
const fault = { late: 3 } as const;

let made = 0;

class Environment {
  readonly #stage: Stage;
  readonly #name: string;

  private constructor(stage: Stage, name: string) {
    this.#stage = stage;
    this.#name = name;
  }

  static async make(stage: Stage): Promise<Environment> {
    const name = `environment-${++made}`;
    await stage.withEnvironment("make", name);
    return new Environment(stage, name);
  }

  static async onEmbeddedCore(stage: Stage): Promise<Environment> {
    const environment = await Environment.make(stage);
    await environment.run("connectEmbedded");
    return environment;
  }

  run(command: Command, argument = ""): Promise<string> {
    return this.#stage.withEnvironment("call", this.#name, command, argument);
  }

  async remove(id: string): Promise<number> {
    return Number(await this.run("remove", id));
  }

  /** Play mode ends, or the game throws its script away: whatever is under way in it. */
  async dispose(): Promise<void> {
    await this.#stage.withEnvironment("dispose", this.#name);
  }
}

/** The names of what C# received, and the outcomes. */
function received(stage: Stage): { readonly callbacks: number; readonly outcomes: string[] } {
  const messages = stage.received();
  return {
    callbacks: messages.filter(({ name }) => name === "Callback").length,
    outcomes: messages
      .filter(({ name }) => name === "DeleteCompleted")
      .flatMap(({ message }) => (message as { results: { outcome: string }[] }).results)
      .map(({ outcome }) => outcome),
  };
}

scenario("an environment that is disposed before it saw C#'s request: that ends once, as not sent", async (stage) => {
  const script = await Environment.onEmbeddedCore(stage);
  await stage.frames();
  same(stage.game.ConvDelete("alice", 1, "C#"), 0, "return");
  await script.dispose();
  await stage.frames(5);
  same(received(stage), { callbacks: 1, outcomes: ["OUTCOME_NOT_SENT"] }, "what C# heard");
});

nativeScenario("native: an environment that is disposed with calls under way leaves nothing behind", async (stage) => {
  stage.standIn.Load('[{"conv_id":"alice","conv_type":1},{"conv_id":"bob","conv_type":1}]');
  const script = await Environment.make(stage);
  await script.run("connectNative");
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(5);
  stage.received();
  stage.standIn.SetFault(fault.late, fn.convDelete, 0);
  same(await script.remove("alice"), 0, "return of script's");
  same(stage.game.ConvDelete("bob", 1, "C#"), 0, "return of C#'s");
  await stage.frames();
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await script.dispose();
  await stage.frames(5);
  same(received(stage), { callbacks: 1, outcomes: ["OUTCOME_UNKNOWN"] }, "what C# heard at its death");
  same(stage.standIn.ReleaseHeld(), 2, "answers that were held");
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(5);
  same(stage.received(), [], "what C# heard of the answers of a script that is gone");
  same(stage.game.InTheCore(), "0 0", "calls and texts that the core still has");
});

scenario("an environment is disposed and another made, which works", async (stage) => {
  const first = await Environment.onEmbeddedCore(stage);
  same(await first.remove("alice"), 0, "return in the first");
  await first.dispose();
  await stage.frames(5);
  const second = await Environment.onEmbeddedCore(stage);
  same(await second.remove("alice"), 0, "return in the second");
  await stage.frames(5);
  same(await second.run("called"), "0", "callbacks of the second");
});

scenario("a second environment takes over: the first one's call ends, and it is told so", async (stage) => {
  const first = await Environment.onEmbeddedCore(stage);
  same(await first.remove("alice"), 0, "return in the first");
  const second = await Environment.onEmbeddedCore(stage);
  await stage.frames(5);
  same((await first.run("called")).split(" ").length, 1, "callbacks of the first");
  const reported = await first.run("reported");
  holds(reported.includes("took over"), `the first is told: ${reported}`);
  holds((await first.remove("bob")) !== 0, "the first refuses");
  same(await second.remove("bob"), 0, "return in the second");
  await stage.frames(5);
  same(await second.run("called"), "0", "callbacks of the second");
});

scenario("a replaced environment may be disposed at once", async (stage) => {
  const first = await Environment.onEmbeddedCore(stage);
  same(await first.remove("alice"), 0, "return in the first");
  const second = await Environment.onEmbeddedCore(stage);
  await first.dispose();
  await stage.frames(5);
  same(await second.remove("bob"), 0, "return in the second");
  await stage.frames(5);
  same(await second.run("called"), "0", "callbacks of the second");
});

scenario("fifty environments one after another: each deletes once, and nothing is left of any", async (stage) => {
  for (let round = 0; round < 50; round++) {
    const script = await Environment.onEmbeddedCore(stage);
    same(await script.remove("alice"), 0, `return in round ${round}`);
    await stage.frames(5);
    same(received(stage), { callbacks: 0, outcomes: ["OUTCOME_DELETED"] }, `what C# heard in round ${round}`);
    same(await script.run("called"), "0", `callbacks in round ${round}`);
    await script.dispose();
  }
  await stage.frames(3);
  same(stage.received(), [], "what C# heard at the end");
  same(stage.game.InTheCore(), "0 0", "calls and texts that the core has");
});
