namespace AtcFhir.Server.Fhir;

/// <summary>What this software calls itself.</summary>
internal static class Product
{
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
