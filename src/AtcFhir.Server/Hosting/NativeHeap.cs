using System.Runtime.InteropServices;

namespace AtcFhir.Server.Hosting;

/// <summary>
/// The heap of the C library, which the compiler of the runtime, SQLite and OpenSSL allocate from. On Linux each thread gets an arena of it, and what was
/// freed inside an arena stays with the process.
/// </summary>
internal static class NativeHeap
{
    /// <summary>Gives free pages back to the system, where the C library can (glibc); elsewhere nothing happens.</summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var trim))
        {
            Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)(0);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint keep);
}
