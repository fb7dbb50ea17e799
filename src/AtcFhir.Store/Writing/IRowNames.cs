using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// Numbers for the names in index rows; null where there is none. Two sources: what is committed, for the threads of requests; and the writer, which gives new ones.
/// </summary>
internal interface IRowNames
{
    long? Path(IndexedPath path);

    long? Type(string name);

    long? System(string uri);

    long? Unit(string system, string code, string name);
}

/// <summary>Only what is known already.</summary>
internal sealed class KnownNames(Names names) : IRowNames
{
    public long? Path(IndexedPath path) => names.Paths.Known(path.Key);

    public long? Type(string name) => names.Types.Known(name);

    public long? System(string uri) => uri.Length == 0 ? 0 : names.Systems.Known(uri);

    public long? Unit(string system, string code, string name) => names.Units.Known(Names.UnitKey(system, code, name));
}

/// <summary>Inside the writer's transaction: every name gets a number.</summary>
internal sealed class WriterNames(ISqlSession writer, Names names) : IRowNames
{
    public long? Path(IndexedPath path) => names.Paths.Get(writer, path.Key);

    public long? Type(string name) => names.Types.Get(writer, name);

    public long? System(string uri) => uri.Length == 0 ? 0 : names.Systems.Get(writer, uri);

    public long? Unit(string system, string code, string name) => names.Units.Get(writer, Names.UnitKey(system, code, name));
}
