using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Conformance;

/// <summary>
/// A FHIR package: conformance resources by canonical, read from a <c>.tgz</c> or an unpacked folder. Resources stay bytes until they are asked for.
/// <see href="https://confluence.hl7.org/display/FHIR/NPM+Package+Specification"/>
/// </summary>
public sealed class FhirPackage
{
    /// <summary>The largest package that is read, unpacked.</summary>
    private const long MaxBytes = 1L << 30;

    private FhirPackage(string name, string version, IReadOnlyDictionary<string, string> dependencies, IReadOnlyList<PackageResource> resources)
        => (Name, Version, Dependencies, Resources) = (name, version, dependencies, resources);

    /// <summary>"hl7.terminology.r4".</summary>
    public string Name { get; }

    public string Version { get; }

    /// <summary>Package name -> version, as package.json lists them.</summary>
    public IReadOnlyDictionary<string, string> Dependencies { get; }

    public IReadOnlyList<PackageResource> Resources { get; }

    /// <summary>Reads a <c>.tgz</c> file, or a folder that holds package.json or package/package.json. A failure names the path.</summary>
    public static Result<FhirPackage> Open(string path)
    {
        if (Directory.Exists(path))
        {
            return Named(path, OpenFolder(path));
        }

        if (!File.Exists(path))
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"There is no FHIR package at {path}.");
        }

        using var file = File.OpenRead(path);
        return Named(path, Open(file));
    }

    private static Result<FhirPackage> Named(string path, Result<FhirPackage> opened)
        => opened.TryGet(out var package, out var failure) ? package : new Failure(failure.Kind, failure.Issues[0].Code, $"{path}: {failure.Issues[0].Text}");

    /// <summary>Reads a <c>.tgz</c> from the stream, such as one embedded in an assembly.</summary>
    public static Result<FhirPackage> Open(Stream tgz)
    {
        var files = new List<PackageFile>();
        try
        {
            using var unzip = new GZipStream(tgz, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(unzip);
            var total = 0L;
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not { } data || !IsResourceFile(entry.Name))
                {
                    continue;
                }

                total += entry.Length;
                if (total > MaxBytes)
                {
                    return new Failure(FailureKind.TooLarge, IssueCode.TooCostly, $"The FHIR package is larger than {MaxBytes} bytes.");
                }

                var bytes = new byte[entry.Length];
                data.ReadExactly(bytes);
                files.Add(new PackageFile(entry.Name, bytes));
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, "The FHIR package is not a readable .tgz file.");
        }

        return Read(files);
    }

    /// <summary>Takes files that are in memory already, such as those embedded in an assembly; names are those of a package, "package/package.json".</summary>
    public static Result<FhirPackage> Open(IReadOnlyList<PackageFile> files) => Read([.. files.Where(file => IsResourceFile(file.Name))]);

    private static Result<FhirPackage> OpenFolder(string path)
    {
        var folder = Directory.Exists(Path.Combine(path, "package")) ? Path.Combine(path, "package") : path;
        var files = new List<PackageFile>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            files.Add(new PackageFile("package/" + Path.GetFileName(file), File.ReadAllBytes(file)));
        }

        return Read(files);
    }

    /// <summary>Only the files directly in package/ are conformance resources; examples, tests and openapi lie in folders of their own.</summary>
    private static bool IsResourceFile(string name)
        => name.EndsWith(".json", StringComparison.Ordinal) && name.Count(c => c == '/') == 1 && name.StartsWith("package/", StringComparison.Ordinal);

    private static Result<FhirPackage> Read(List<PackageFile> files)
    {
        string? name = null;
        var version = "";
        var dependencies = new Dictionary<string, string>(StringComparer.Ordinal);
        var resources = new List<PackageResource>();
        foreach (var (file, bytes) in files)
        {
            if (file == "package/package.json")
            {
                (name, version) = ReadManifest(bytes, dependencies);
            }
            else if (!file.EndsWith("/.index.json", StringComparison.Ordinal) && PackageResource.Sniff(file, bytes) is { } resource)
            {
                resources.Add(resource);
            }
        }

        return name is null
            ? new Failure(FailureKind.Malformed, IssueCode.Invalid, "The FHIR package has no readable package.json.")
            : new FhirPackage(name, version, dependencies, resources);
    }

    private static (string? Name, string Version) ReadManifest(byte[] bytes, Dictionary<string, string> dependencies)
    {
        try
        {
            using var manifest = JsonDocument.Parse(bytes);
            var root = manifest.RootElement;
            if (root.TryGetProperty("dependencies", out var listed) && listed.ValueKind == JsonValueKind.Object)
            {
                foreach (var dependency in listed.EnumerateObject())
                {
                    dependencies[dependency.Name] = dependency.Value.ToString();
                }
            }

            return (root.GetProperty("name").GetString(), root.TryGetProperty("version", out var version) ? version.ToString() : "");
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, "");
        }
    }
}

/// <summary>One resource of a package, not parsed yet.</summary>
/// <param name="File">Name in the package, "package/StructureDefinition-x.json".</param>
public sealed record PackageResource(string File, string ResourceType, string? Url, string? Version, ReadOnlyMemory<byte> Json)
{
    /// <summary>Reads type, url and version from the top level, without building a tree; null when it is not a resource.</summary>
    internal static PackageResource? Sniff(string file, ReadOnlyMemory<byte> json)
    {
        string? type = null, url = null, version = null;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var target = reader.ValueTextEquals("resourceType"u8) ? 1 : reader.ValueTextEquals("url"u8) ? 2 : reader.ValueTextEquals("version"u8) ? 3 : 0;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    (type, url, version) = target switch
                    {
                        1 => (reader.GetString(), url, version),
                        2 => (type, reader.GetString(), version),
                        3 => (type, url, reader.GetString()),
                        _ => (type, url, version),
                    };
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return type is null ? null : new PackageResource(file, type, url, version, json);
    }
}

/// <summary>A file of a package, by its name there: <c>package/package.json</c>.</summary>
public sealed record PackageFile(string Name, byte[] Bytes);
