using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Hosting;

/// <summary>Ends the start when Server:Types lists what is no resource type of R4, and names it.</summary>
internal sealed class ServedTypesCheck : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        string[] wrong = [.. options.Types.Where(type => !ServedTypes.IsResourceType(type)).Select(type => $"Server:Types: '{type}' is no resource type of R4 (names are written as in Patient or ResearchStudy).")];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
