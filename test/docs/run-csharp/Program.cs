using System;
using System.Linq;
using TimChatBridge;
using TimChatBridge.Protocol;
using TimChatBridge.Tests;

namespace Documents
{
    // Runs each block of C# as a game would, on the production plugin, with a script that deletes all that it is asked to. Prints
    // "place", then what the block logged, each on a line.
    internal static class Program
    {
        private static void Main()
        {
            foreach (Type type in typeof(Given).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Given))).OrderBy(type => type.Namespace))
            {
                Console.WriteLine(type.Namespace);
                BridgeLoop.Initialize();
                var script = new Script(BridgeLoop.Plugin);
                script.OnFrame = frame => Delete(script, frame.Request);
                ((Given)Activator.CreateInstance(type)!).Run();
                for (int tick = 0; tick < 3; tick++)
                {
                    BridgeLoop.Tick();
                }

                BridgeLoop.Shutdown();
            }
        }

        private static void Delete(Script script, Request? request)
        {
            if (request == null)
            {
                return;
            }

            script.Claim(request.RequestId);
            if (request.MethodCase == Request.MethodOneofCase.ConvDelete)
            {
                script.Complete(request.RequestId, request.ConvDelete.ConvId.ToStringUtf8());
                script.PublishDeleted(request.ConvDelete.ConvId.ToStringUtf8());
                return;
            }

            var completed = new TimChatBridge.Protocol.DeleteCompleted { RequestId = request.RequestId };
            foreach (string id in request.ConvDeleteList.ConvIds.Select(id => id.ToStringUtf8()))
            {
                string bare = id.Substring(id.IndexOf('_') + 1);
                var key = id.StartsWith("c2c_", StringComparison.Ordinal) ? new Key { UserId = bare } : new Key { GroupId = bare };
                completed.Results.Add(new Result { Conversation = key, Outcome = TimChatBridge.Protocol.Outcome.Deleted });
            }

            script.Publish(new Notice { DeleteCompleted = completed });
        }
    }
}
