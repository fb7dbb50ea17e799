using AtcFhir.R4.Definitions;
using AtcFhir.Store.Search;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>"This patient's resources with this code": two conditions that the compartment index answers with one seek.</summary>
internal sealed record CompartmentPair(ValueCriterion Patient, ValueCriterion Code, RowTest Test)
{
    private const string PatientType = "Patient";

    public static CompartmentPair? Of(SearchQuery query, RowTestBuilder tests)
    {
        if (query.Types.Count != 1 || query.Criteria.Count < 2)
        {
            return null;
        }

        var values = query.Criteria.OfType<ValueCriterion>().Where(value => !value.IsNegated && value.Parameters.Count == 1).ToList();
        if (values.Find(value => PatientOf(value) is not null) is not { } patient)
        {
            return null;
        }

        foreach (var code in values.Where(value => value.Parameters[0].Type == SearchParameterType.Token && value.Parameters[0].Code is "code" or "category"))
        {
            var tokens = code.AnyOf.OfType<TokenOperand>().Where(token => token.Code is not null).ToList();
            if (tokens.Count == code.AnyOf.Count && tokens.TrueForAll(token => token.System == tokens[0].System)
                && tests.PatientCode(code.Parameters, PatientOf(patient)!, tokens[0].System, [.. tokens.Select(token => token.Code!)]) is { } test)
            {
                return new CompartmentPair(patient, code, test);
            }
        }

        return null;
    }

    /// <summary>The one patient that a condition names, when its type keeps a compartment index by that parameter.</summary>
    private static string? PatientOf(ValueCriterion value)
    {
        var parameter = value.Parameters[0];
        if (parameter.Code is not ("patient" or "subject") || parameter.Sources is not [var source] || value.AnyOf is not [ReferenceOperand operand] || !source.Path.LeadsToPatient)
        {
            return null;
        }

        var target = LocalReference.Of(operand.Text, null);
        return (operand.Type ?? (target.Type.Length > 0 ? target.Type : source.TargetType ?? OnlyTarget(parameter)), target.Version) == (PatientType, "") && target.Id.IndexOfAny([':', '|', '/']) < 0
            ? target.Id
            : null;
    }

    private static string? OnlyTarget(SearchParameter parameter) => parameter.Definition.Targets is [var only] ? only : null;
}
