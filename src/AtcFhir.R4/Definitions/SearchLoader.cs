using System.Collections.Frozen;

namespace AtcFhir.R4.Definitions;

/// <summary>Builds search parameters and compartments from the second part of r4.core.br.</summary>
internal sealed class SearchLoader
{
    private SearchLoader(FrozenDictionary<string, IReadOnlyList<SearchParameterDefinition>> parameters, IReadOnlyList<CompartmentDefinition> compartments)
        => (Parameters, Compartments) = (parameters, compartments);

    /// <summary>By resource type, those of its bases included, ordered by code.</summary>
    public FrozenDictionary<string, IReadOnlyList<SearchParameterDefinition>> Parameters { get; }

    public IReadOnlyList<CompartmentDefinition> Compartments { get; }

    public static SearchLoader Load(ReadOnlySpan<byte> part, IReadOnlyList<TypeSchema> types)
    {
        var reader = new CompactReader(part);
        var own = new Dictionary<string, SearchParameterDefinition[]>(StringComparer.Ordinal);
        for (var left = reader.Number(); left > 0; left--)
        {
            own.Add(reader.Text(), ReadParameters(ref reader));
        }

        var parameters = types.Where(type => type.IsResource && !type.IsAbstract)
            .ToFrozenDictionary(type => type.Name, type => All(type, own), StringComparer.Ordinal);
        return new SearchLoader(parameters, ReadCompartments(ref reader));
    }

    private static IReadOnlyList<SearchParameterDefinition> All(TypeSchema type, Dictionary<string, SearchParameterDefinition[]> own)
    {
        var all = new List<SearchParameterDefinition>();
        for (var level = type; level is not null; level = level.Base)
        {
            all.AddRange(own.GetValueOrDefault(level.Name) ?? []);
        }

        return [.. all.OrderBy(parameter => parameter.Code, StringComparer.Ordinal)];
    }

    private static SearchParameterDefinition[] ReadParameters(ref CompactReader reader)
    {
        var parameters = new SearchParameterDefinition[reader.Number()];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = new SearchParameterDefinition(
                reader.Text(), reader.Text(), (SearchParameterType)reader.Number(), reader.OptionalText(), reader.Texts(), Components(ref reader));
        }

        return parameters;
    }

    private static SearchParameterComponent[] Components(ref CompactReader reader)
    {
        var count = reader.Number();
        var components = count == 0 ? [] : new SearchParameterComponent[count];
        for (var i = 0; i < count; i++)
        {
            components[i] = new SearchParameterComponent(reader.Text(), reader.Text());
        }

        return components;
    }

    private static CompartmentDefinition[] ReadCompartments(ref CompactReader reader)
    {
        var compartments = new CompartmentDefinition[reader.Number()];
        for (var i = 0; i < compartments.Length; i++)
        {
            var code = reader.Text();
            var parameters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            for (var left = reader.Number(); left > 0; left--)
            {
                parameters.Add(reader.Text(), reader.Texts());
            }

            compartments[i] = new CompartmentDefinition(code, parameters.ToFrozenDictionary(StringComparer.Ordinal));
        }

        return compartments;
    }
}
