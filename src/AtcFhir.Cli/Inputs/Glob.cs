using System.IO.Enumeration;

namespace AtcFhir.Cli.Inputs;

/// <summary>Paths with wildcards, where the shell left them alone: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of folders.</summary>
internal static class Glob
{
    public static IEnumerable<string> Files(string pattern)
    {
        var root = FixedFolder(pattern);
        var rest = Parts(pattern)[Parts(pattern).TakeWhile(part => !IsWild(part)).Count()..];
        return rest.Length == 0 || !Directory.Exists(root) ? [] : Files(root, rest).Distinct();
    }

    /// <summary>The folder in front of the first wildcard; of a file the folder that it is in.</summary>
    public static string FixedFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return path;
        }

        var parts = Parts(path);
        var isWild = parts.Any(IsWild);
        var folder = string.Join('/', isWild ? parts.TakeWhile(part => !IsWild(part)) : parts.SkipLast(1));
        return folder.Length > 0 ? folder : Path.IsPathRooted(path) ? "/" : ".";
    }

    private static string[] Parts(string path) => path.Replace('\\', '/').Split('/');

    private static bool IsWild(string part) => part.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Files(string folder, string[] parts)
    {
        if (parts[0] == "**")
        {
            var below = Directory.EnumerateDirectories(folder).SelectMany(inner => Files(inner, parts));
            return (parts.Length == 1 ? Directory.EnumerateFiles(folder) : Files(folder, parts[1..])).Concat(below);
        }

        if (parts.Length == 1)
        {
            return Directory.EnumerateFiles(folder).Where(file => Matches(parts[0], file));
        }

        return IsWild(parts[0])
            ? Directory.EnumerateDirectories(folder).Where(inner => Matches(parts[0], inner)).SelectMany(inner => Files(inner, parts[1..]))
            : Directory.Exists(Path.Combine(folder, parts[0])) ? Files(Path.Combine(folder, parts[0]), parts[1..]) : [];
    }

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: false);
}
