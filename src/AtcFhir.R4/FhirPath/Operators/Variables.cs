using AtcFhir.R4.FhirPath.Evaluating;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>%context, %resource and %rootResource. <see href="https://hl7.org/fhir/R4/fhirpath.html#variables"/></summary>
internal sealed class ResourceVariable(int position, string name) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => name switch
    {
        "resource" => run.Resource,
        "rootResource" => run.RootResource,
        _ => run.Focus,
    };
}

/// <summary>A variable of defineVariable() or of the context; one that is in neither is a fault.</summary>
internal sealed class NamedVariable(int position, string name) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (run.FindDefined(name) is { } items)
        {
            output.AddRange(items);
        }
        else if (run.Context.Variables?.TryGetValue(name, out var given) == true)
        {
            output.AddRange(given.Span);
        }
        else
        {
            throw run.Fault(Position, $"the variable %{name} is not defined.");
        }
    }
}

/// <summary>The variables that are plain texts.</summary>
internal static class TextVariables
{
    /// <summary>%sct, %loinc, %ucum, %vs-[name], %ext-[name]; null for others.</summary>
    public static string? Find(string name) => name switch
    {
        "sct" => "http://snomed.info/sct",
        "loinc" => "http://loinc.org",
        "ucum" => "http://unitsofmeasure.org",
        _ when name.StartsWith("vs-", StringComparison.Ordinal) => "http://hl7.org/fhir/ValueSet/" + name[3..],
        _ when name.StartsWith("ext-", StringComparison.Ordinal) => "http://hl7.org/fhir/StructureDefinition/" + name[4..],
        _ => null,
    };
}
