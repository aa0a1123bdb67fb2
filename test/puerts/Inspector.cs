using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;

namespace TimChatBridge.PuertsTests
{
    /// <summary>The shipped inspector, as a program of its own on Node.js.</summary>
    public static class Inspector
    {
        private const int LongestMs = 60_000;

        /// <summary>Inspects a file with these bytes: "inspect", the bytes in hexadecimal, options. Answers as JSON.</summary>
        public static string Inspect(string[] words)
        {
            string file = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(file, Convert.FromHexString(words[1]));
                var program = new ProcessStartInfo("node")
                {
                    RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                };
                program.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "scripts/inspector/tim-chatbridge.mjs"));
                program.ArgumentList.Add("inspect");
                program.ArgumentList.Add(file);
                for (int i = 2; i < words.Length; i++)
                {
                    program.ArgumentList.Add(words[i]);
                }

                using Process process = Process.Start(program)!;
                var err = process.StandardError.ReadToEndAsync();
                string printed = process.StandardOutput.ReadToEnd();
                process.WaitForExit(LongestMs);
                return JsonSerializer.Serialize(new { status = process.ExitCode, @out = printed, err = err.Result });
            }
            finally
            {
                File.Delete(file);
            }
        }
    }
}
