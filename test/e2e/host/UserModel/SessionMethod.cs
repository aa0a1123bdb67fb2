namespace TimChatBridge.UserModel
{
    internal enum SessionMethod
    {
        Init,
        Uninit,
        Login,
        Logout,
    }
}
