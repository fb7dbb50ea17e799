using System.Runtime.InteropServices;

namespace AtcFhir.Server.Hosting;

/// <summary>
/// The code of the runtime and of the libraries, which is mapped from their files. Most of what a start has touched, and the system mapped around it, is not
/// touched again. Linux alone: the pages stay in the system's cache of the files, and come back without a read when they are needed.
/// </summary>
internal static class MappedCode
{
    /// <summary>MADV_DONTNEED. <see href="https://man7.org/linux/man-pages/man2/madvise.2.html"/></summary>
    private const int DontNeed = 4;

    private const string Anonymous = "Anonymous:";

    /// <summary>Unmaps the pages of code; nothing of it was changed in memory, so nothing is lost.</summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "madvise", out var address))
        {
            var advise = Marshal.GetDelegateForFunctionPointer<Advise>(address);
            foreach (var (start, length) in Unchanged(File.ReadLines("/proc/self/smaps")))
            {
                _ = advise((nint)start, (nuint)length, DontNeed);
            }
        }
    }

    /// <summary>
    /// The mappings of executable code that is still as in its file. Those of data and of metadata are left out: code is never unloaded here, so such a
    /// place cannot have become something else since it was read. <see href="https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html"/>
    /// </summary>
    internal static IEnumerable<(ulong Start, ulong Length)> Unchanged(IEnumerable<string> smaps)
    {
        (ulong Start, ulong Length)? code = null;
        foreach (var line in smaps)
        {
            if (line.StartsWith(Anonymous, StringComparison.Ordinal))
            {
                if (code is { } range && line.AsSpan(Anonymous.Length).Trim() is "0 kB")
                {
                    yield return range;
                }

                code = null;
            }
            else if (line.IndexOf(" r-xp ", StringComparison.Ordinal) is var permissions and > 0)
            {
                // 7f0c1a200000-7f0c1ad4c000 r-xp 00340000 fd:00 1234567    /usr/share/dotnet/…/System.Private.CoreLib.dll
                var dash = line.IndexOf('-', StringComparison.Ordinal);
                var start = ulong.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var end = ulong.Parse(line.AsSpan(dash + 1, permissions - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                code = line.Contains('/', StringComparison.Ordinal) ? (start, end - start) : null;
            }
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Advise(nint start, nuint length, int advice);
}
