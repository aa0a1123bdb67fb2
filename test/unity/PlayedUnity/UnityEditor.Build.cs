using System;

namespace UnityEditor.Build
{
    internal interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    internal interface IPreprocessBuildWithReport : IOrderedCallback
    {
        void OnPreprocessBuild(Reporting.BuildReport report);
    }

    internal interface IUnityLinkerProcessor : IOrderedCallback
    {
        string GenerateAdditionalLinkXmlFile(Reporting.BuildReport report, UnityLinker.UnityLinkerBuildPipelineData data);
    }

    internal sealed class BuildFailedException : Exception
    {
        public BuildFailedException(string message)
            : base(message)
        {
        }
    }

    internal readonly struct NamedBuildTarget : IEquatable<NamedBuildTarget>
    {
        public static readonly NamedBuildTarget Standalone = new NamedBuildTarget("Standalone");
        public static readonly NamedBuildTarget Server = new NamedBuildTarget("Server");
        public static readonly NamedBuildTarget iOS = new NamedBuildTarget("iPhone");
        public static readonly NamedBuildTarget Android = new NamedBuildTarget("Android");
        public static readonly NamedBuildTarget WebGL = new NamedBuildTarget("WebGL");

        private NamedBuildTarget(string name)
        {
            TargetName = name;
        }

        public string TargetName { get; }

        public static NamedBuildTarget FromBuildTargetGroup(BuildTargetGroup buildTargetGroup) =>
            buildTargetGroup == BuildTargetGroup.WebGL ? WebGL : Standalone;

        public bool Equals(NamedBuildTarget other) => TargetName == other.TargetName;

        public override bool Equals(object? obj) => obj is NamedBuildTarget other && Equals(other);

        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(TargetName);
    }
}

namespace UnityEditor.Build.Reporting
{
    internal sealed class BuildReport : UnityEngine.Object
    {
        internal BuildReport(BuildTarget platform)
        {
            summary = new BuildSummary(platform);
        }

        public BuildSummary summary { get; }
    }

    internal readonly struct BuildSummary
    {
        internal BuildSummary(BuildTarget platform)
        {
            this.platform = platform;
        }

        public BuildTarget platform { get; }
    }
}

namespace UnityEditor.UnityLinker
{
    internal sealed class UnityLinkerBuildPipelineData
    {
    }
}
