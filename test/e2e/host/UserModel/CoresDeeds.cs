namespace TimChatBridge.UserModel
{
    // What the core does of its own accord, on its own thread.
    internal static class CoresDeeds
    {
        internal static void Do(Deed deed, CoreOfUsers core, Doubts doubts)
        {
            switch (deed)
            {
                case Deed.CoreCarriesOutNext:
                    core.CarryOutNext();
                    break;
                case Deed.CoreFailsNext:
                    core.CarryOutNext(6023);
                    break;
                case Deed.CoreCarriesOutNextAndSaysNothing:
                    core.CarryOutNext(0, false);
                    break;
                case Deed.CoreSaysWhatIsUnsaid:
                    core.SayWhatIsUnsaid();
                    break;
                case Deed.CoreSwapsTwoAnswers:
                    core.SwapTwoAnswers();
                    break;
                case Deed.CoreSaysAgain:
                    core.SayAgain();
                    break;
                case Deed.CoreDropsNext:
                    core.DropNext();
                    break;
                case Deed.CoreKicksTheUser:
                    doubts.Another();
                    core.SignOff(true);
                    break;
                case Deed.CoreFindsTheUserSigExpired:
                    doubts.Another();
                    core.SignOff(false);
                    break;
                default:
                    core.Reports();
                    break;
            }
        }

        internal static void CarriesOutAll(CoreOfUsers core)
        {
            while (core.Handed.Count > 0)
            {
                core.CarryOutNext(0, false);
            }
        }

        internal static void EndsAll(CoreOfUsers core)
        {
            while (core.OwesAnswers)
            {
                core.CarryOutNext();
                core.SayWhatIsUnsaid();
            }
        }
    }
}
