namespace AtcFhir.Server.Sandbox;

/// <summary>Section <c>Sandbox</c>: an invented hospital inside this process, for trying things out.</summary>
internal sealed class SandboxOptions
{
    /// <summary>Null: on, unless a hospital is configured.</summary>
    public bool? Enabled { get; set; }

    /// <summary><c>plain</c> keeps to the standard; <c>epic-like</c> falls short of it as large vendors' servers do.</summary>
    public string Persona { get; set; } = "plain";

    /// <summary>Seconds after which the next day begins there; 0 stops its clock.</summary>
    public double SecondsPerDay { get; set; } = 30;

    /// <summary>Another seed, other patients.</summary>
    public int Seed { get; set; } = 46644;

    /// <summary>The days that have passed there when it is first started.</summary>
    public int FirstDay { get; set; } = 150;

    public string ConnectionString { get; set; } = "Data Source=data/sandbox.db";
}
