namespace AtcFhir.Trial.Concepts;

/// <summary>The check digit of SNOMED CT identifiers, by Verhoeff's scheme. <see href="https://confluence.ihtsdotools.org/display/DOCRELFMT/6.3+Check-digit"/></summary>
internal static class SnomedCheck
{
    /// <summary>True when the last digit is the check digit of those before it.</summary>
    public static bool Holds(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var digit = digits[^(at + 1)] - '0';
            for (var times = 0; times < at % 8; times++)
                digit = Permutation[digit];

            check = Multiply(check, digit);
        }

        return check == 0;
    }

    private static ReadOnlySpan<byte> Permutation => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    // The dihedral group of the pentagon: 0 to 4 turn it, 5 to 9 turn and flip it.
    private static int Multiply(int left, int right) => (left < 5, right < 5) switch
    {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + ((left + right - 5) % 5),
        (false, true) => 5 + ((left - 5 - right + 5) % 5),
        (false, false) => (left - right + 5) % 5,
    };
}
