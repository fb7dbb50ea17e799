using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Bulk;

/// <summary>There is no room for the files of jobs: the request may be sent again when there is.</summary>
internal static class DiskFull
{
    public const string Text = "The disk for the files of jobs is full.";

    /// <summary>ENOSPC and EDQUOT of Unix, ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] Codes = [28, 122, unchecked((int)0x80070070)];

    public static Failure Refusal { get; } = new(FailureKind.Busy, IssueCode.Transient, Text + " Nothing was begun.");

    public static bool Is(Exception thrown) => thrown is IOException && Codes.Contains(thrown.HResult);
}
