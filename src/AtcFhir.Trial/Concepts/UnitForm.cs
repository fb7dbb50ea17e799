namespace AtcFhir.Trial.Concepts;

/// <summary>One way in which hospitals write a unit, and what it takes to get to the trial's.</summary>
/// <param name="Spelling">Exactly as written.</param>
/// <param name="PowerOfTen">The number is multiplied by ten to this power.</param>
/// <param name="IsUcum">Also a UCUM code; otherwise only accepted where no system says that it is UCUM.</param>
internal sealed record UnitForm(string Spelling, int PowerOfTen, bool IsUcum = true);
