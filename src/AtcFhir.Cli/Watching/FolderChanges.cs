using System.Threading.Channels;

namespace AtcFhir.Cli.Watching;

/// <summary>The files that change in folders, as the operating system tells.</summary>
internal sealed class FolderChanges : IDisposable
{
    private readonly Channel<string> changes = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<FileSystemWatcher> watchers = [];

    public FolderChanges(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
            watcher.Changed += (_, change) => changes.Writer.TryWrite(change.FullPath);
            watcher.Created += (_, change) => changes.Writer.TryWrite(change.FullPath);
            watcher.Deleted += (_, change) => changes.Writer.TryWrite(change.FullPath);
            watcher.Renamed += (_, change) => changes.Writer.TryWrite(change.FullPath);
            watcher.EnableRaisingEvents = true;
            watchers.Add(watcher);
        }
    }

    /// <summary>Full paths, each as often as it changes.</summary>
    public ChannelReader<string> Reader => changes.Reader;

    public void Dispose()
    {
        foreach (var watcher in watchers)
        {
            watcher.Dispose();
        }

        changes.Writer.TryComplete();
    }
}
