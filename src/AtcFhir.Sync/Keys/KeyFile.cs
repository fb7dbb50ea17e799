using System.Security.Cryptography;
using AtcFhir.Store;

namespace AtcFhir.Sync.Keys;

/// <summary>The file with the 32 bytes from which the key store's keys are derived.</summary>
internal static class KeyFile
{
    public const int Bytes = 32;

    /// <summary>Reads the key; makes it, readable for its owner only, when there is none. Two processes that start together end with the same key.</summary>
    public static byte[] ReadOrCreate(string path, Entropy? random = null)
    {
        if (!File.Exists(path))
        {
            Create(path, random ?? RandomNumberGenerator.Fill);
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Bytes
            ? key
            : throw new UnusableStoreException($"The key file {path} has {key.Length} bytes instead of {Bytes}. Without the right key nobody can be linked to the hospital again: restore it from a backup.");
    }

    private static void Create(string path, Entropy random)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var key = new byte[Bytes];
        random(key);
        // Written aside and moved, so that a file of that name is always whole. File.Move without overwrite lets the first one win.
        var aside = path + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
