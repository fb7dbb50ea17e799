namespace AtcFhir.R4.Definitions;

/// <summary>Builds the types from the first part of r4.core.br. Bases stand before what specialises them.</summary>
internal static class TypeLoader
{
    public static TypeSchema[] Load(ReadOnlySpan<byte> part)
    {
        var reader = new CompactReader(part);
        var types = new TypeSchema[reader.Number()];
        for (var ordinal = 0; ordinal < types.Length; ordinal++)
        {
            types[ordinal] = new TypeSchema(reader.Text(), (TypeKind)reader.Number(), (PrimitiveKind)reader.Number(), reader.Flag(), ordinal);
            var parent = reader.Number();
            types[ordinal].Base = parent > 0 ? types[parent - 1] : null;
        }

        foreach (var type in types)
        {
            type.Constraints = [.. type.Base?.Constraints ?? [], .. Constraints(ref reader)];
            type.Elements = Elements(ref reader, type, types);
        }

        return types;
    }

    private static ElementSchema[] Elements(ref CompactReader reader, TypeSchema type, TypeSchema[] types)
    {
        var inherited = type.Primitive == PrimitiveKind.Xhtml ? [type.Base!.Elements[0]] : type.Base?.Elements ?? [];
        var count = reader.Number();
        var elements = new ElementSchema[inherited.Count + count];
        for (var i = 0; i < inherited.Count; i++)
        {
            elements[i] = inherited[i];
        }

        for (var i = inherited.Count; i < elements.Length; i++)
        {
            elements[i] = Element(ref reader, i, types);
        }

        return elements;
    }

    private static ElementSchema Element(ref CompactReader reader, int ordinal, TypeSchema[] types)
    {
        var path = reader.Text();
        var (min, max, flags) = (reader.Number(), reader.Number(), reader.Number());
        var choices = Types(ref reader, path, types);
        var isChoice = path.EndsWith("[x]", StringComparison.Ordinal);
        var name = path[(path.LastIndexOf('.') + 1)..(isChoice ? ^3 : ^0)];
        return new ElementSchema
        {
            Name = name,
            Path = path,
            Min = min,
            Max = max == 0 ? int.MaxValue : max,
            IsChoice = isChoice,
            IsModifier = (flags & 1) != 0,
            IsSummary = (flags & 2) != 0,
            Ordinal = ordinal,
            Types = choices,
            JsonNames = isChoice ? Array.ConvertAll(choices, choice => name + char.ToUpperInvariant(choice.Type.Name[0]) + choice.Type.Name[1..]) : [name],
            Binding = Binding(ref reader),
            Constraints = Constraints(ref reader),
        };
    }

    private static ElementType[] Types(ref CompactReader reader, string path, TypeSchema[] types)
    {
        var choices = new ElementType[reader.Number()];
        for (var i = 0; i < choices.Length; i++)
        {
            var type = types[reader.Number()];
            choices[i] = new ElementType(Errata.TypeOf(path) is { } corrected ? Array.Find(types, other => other.Name == corrected)! : type, reader.Texts(), reader.Texts());
        }

        return choices;
    }

    private static Binding? Binding(ref CompactReader reader)
    {
        var strength = reader.Number();
        return strength == 0
            ? null
            : new Binding((BindingStrength)(strength - 1), reader.OptionalText(), MaxValueSet: reader.OptionalText(), Codes: reader.Flag() ? reader.Texts() : null);
    }

    private static Constraint[] Constraints(ref CompactReader reader)
    {
        var count = reader.Number();
        var constraints = count == 0 ? [] : new Constraint[count];
        for (var i = 0; i < count; i++)
        {
            constraints[i] = Errata.Correct(new Constraint(reader.Text(), reader.Flag(), reader.Text(), reader.Text()));
        }

        return constraints;
    }
}
