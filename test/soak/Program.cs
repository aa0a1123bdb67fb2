using System;
using System.Collections.Generic;
using System.Globalization;

namespace TimChatBridge.Soak
{
    internal static class Program
    {
        private const string Usage = "usage: TimChatBridge.Soak <the stand-in's libImSDK> <number of deletes, from 100>";

        private static int Main(string[] args)
        {
            if (args.Length != 2 || !long.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count < 100)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            StandInLibrary.Use(args[0]);
            List<Check> checks;
            try
            {
                checks = new Soak(count).Run();
            }
            catch (Exception thrown)
            {
                Console.WriteLine($"FAILED the run broke off: {thrown}");
                Console.WriteLine("0 passed, 1 failed, 0 skipped");
                return 1;
            }

            Console.WriteLine();
            checks.ForEach(Console.WriteLine);
            int passed = checks.FindAll(check => check.Holds).Count;
            Console.WriteLine($"{passed} passed, {checks.Count - passed} failed, 0 skipped");
            return passed == checks.Count ? 0 : 1;
        }
    }
}
