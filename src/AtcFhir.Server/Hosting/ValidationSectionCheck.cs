using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Hosting;

/// <summary>Says at start what is wrong with the section <c>Validation</c>.</summary>
internal sealed class ValidationSectionCheck : IValidateOptions<ValidationSection>
{
    public ValidateOptionsResult Validate(string? name, ValidationSection options)
        => options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
