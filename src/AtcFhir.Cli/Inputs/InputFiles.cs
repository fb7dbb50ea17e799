namespace AtcFhir.Cli.Inputs;

/// <summary>Turns what stands on the command line (files, folders, globs, "-") into resources, in a stable order, read one at a time.</summary>
internal static class InputFiles
{
    private static readonly string[] Extensions = [".json", ".xml", ".ndjson"];

    /// <summary>The files that the arguments name, or the first argument that names none.</summary>
    public static (IReadOnlyList<string> Files, string? Missing) Find(IEnumerable<string> arguments)
    {
        List<string> files = [];
        foreach (var argument in arguments)
        {
            var found = argument == "-" ? ["-"] : FilesOf(argument);
            if (found.Length == 0)
            {
                return ([], argument);
            }

            files.AddRange(found);
        }

        return ([.. files.Distinct()], null);
    }

    public static IEnumerable<InputResource> Read(string file)
    {
        if (file == "-")
        {
            using var memory = new MemoryStream();
            using var input = Console.OpenStandardInput();
            input.CopyTo(memory);
            return Split("-", memory.ToArray());
        }

        return IsOneResource(file) ? [new InputResource(file, file, System.IO.File.ReadAllBytes(file))] : ReadLines(file);
    }

    public static bool IsOneResource(string file) => file != "-" && !file.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);

    /// <summary>Standard input has no name that tells: NDJSON is when the first line is a whole object and another one follows.</summary>
    internal static IEnumerable<InputResource> Split(string name, byte[] content)
    {
        var text = content.AsSpan();
        var end = text.IndexOf((byte)'\n');
        if (end < 0 || !text[..end].Trim(" \r\t"u8).StartsWith("{"u8) || !text[..end].Trim(" \r\t"u8).EndsWith("}"u8) || !text[end..].TrimStart(" \r\n\t"u8).StartsWith("{"u8))
        {
            return [new InputResource(name, name, content)];
        }

        return Lines(name, new StreamReader(new MemoryStream(content)));
    }

    private static IEnumerable<InputResource> ReadLines(string file) => Lines(file, System.IO.File.OpenText(file));

    private static IEnumerable<InputResource> Lines(string file, StreamReader reader)
    {
        using (reader)
        {
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    yield return new InputResource(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}"), file, System.Text.Encoding.UTF8.GetBytes(line));
                }
            }
        }
    }

    private static string[] FilesOf(string argument)
    {
        if (System.IO.File.Exists(argument))
        {
            return [argument];
        }

        if (Directory.Exists(argument))
        {
            return Sorted(Directory.EnumerateFiles(argument, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && !IsPackageFile(file)));
        }

        return Sorted(Glob.Files(argument).Where(file => !IsPackageFile(file)));
    }

    /// <summary>The files of a FHIR package that are no resources.</summary>
    private static bool IsPackageFile(string file) => Path.GetFileName(file) is "package.json" or ".index.json";

    private static string[] Sorted(IEnumerable<string> files) => [.. files.Order(StringComparer.Ordinal)];
}
