using System.Text.Json;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// The jobs on the disk: a folder each, with <c>job.json</c> and its files. The state is replaced as a whole, and after the files that it tells of are flushed,
/// so a crash leaves the state of the last whole step.
/// </summary>
internal sealed class JobFolder(string root)
{
    public const string InputName = "input.ndjson";

    private const string StateName = "job.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    public IEnumerable<BulkJob> All()
        => Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(folder => Load(Path.GetFileName(folder))).OfType<BulkJob>() : [];

    /// <summary>Takes away what a process that ended while a body came in left behind.</summary>
    public void DeleteUnfinished()
    {
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            if (!File.Exists(Path.Combine(folder, StateName)))
            {
                Delete(Path.GetFileName(folder));
            }
        }
    }

    /// <summary>Null when there is none of that id.</summary>
    public BulkJob? Load(string id)
    {
        var path = Path.Combine(root, id, StateName);
        return IsName(id) && File.Exists(path) ? JsonSerializer.Deserialize<BulkJob>(File.ReadAllBytes(path), Options) : null;
    }

    public void Save(BulkJob job)
    {
        var (path, fresh) = (Path.Combine(root, job.Id, StateName), Path.Combine(root, job.Id, StateName + ".new"));
        Directory.CreateDirectory(Path.Combine(root, job.Id));
        using (var file = File.Create(fresh))
        {
            JsonSerializer.Serialize(file, job, Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    public void Delete(string id)
    {
        if (IsName(id) && Directory.Exists(Path.Combine(root, id)))
        {
            Directory.Delete(Path.Combine(root, id), recursive: true);
        }
    }

    /// <summary>The path of one of its files, whether or not it is there.</summary>
    public string PathOf(string id, string name)
    {
        Directory.CreateDirectory(Path.Combine(root, id));
        return Path.Combine(root, id, name);
    }

    /// <summary>Null unless the job lists a file of that name.</summary>
    public string? Find(BulkJob job, string name)
        => job.Output.Concat(job.Deleted).Concat(job.Errors).Any(file => file.Name == name) && File.Exists(Path.Combine(root, job.Id, name))
            ? Path.GetFullPath(Path.Combine(root, job.Id, name))
            : null;

    private static bool IsName(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
