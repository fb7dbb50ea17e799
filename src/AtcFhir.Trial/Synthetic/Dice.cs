namespace AtcFhir.Trial.Synthetic;

/// <summary>
/// Randomness that depends on nothing but the seed and what is asked for: the same question always gets the same answer, in any order.
/// SplitMix64 over an FNV-1a hash of the question.
/// </summary>
internal readonly struct Dice(int seed, string subject)
{
    /// <summary>Even between 0 (included) and 1 (excluded).</summary>
    public double Even(string question, int day = 0) => (Bits(question, day) >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with that probability.</summary>
    public bool Chance(double probability, string question, int day = 0) => Even(question, day) < probability;

    /// <summary>Between low and high, both included.</summary>
    public int Between(int low, int high, string question, int day = 0) => low + (int)(Even(question, day) * (high - low + 1));

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller).</summary>
    public double Normal(string question, int day = 0)
        => Math.Sqrt(-2 * Math.Log(1 - Even(question, day))) * Math.Cos(2 * Math.PI * Even(question + "'", day));

    private ulong Bits(string question, int day)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{seed}|{subject}|{question}|{day}")
            hash = (hash ^ letter) * 1099511628211UL;

        hash += 0x9E3779B97F4A7C15UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
