using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Tests.Store.Sqlite;

public class NameTableTests
{
    private static readonly string Many = NameTable.SelectManySql("param", "key", "p");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 1)]
    [InlineData(32, 1)]
    [InlineData(33, 2)]
    [InlineData(150, 5)]
    public void ManyNamesAreLookedForTogether(int names, int questions)
    {
        using var connection = WithEvenNames(below: 150);
        var (table, session) = (Table(), new CountingSession(connection));
        string[] asked = [.. Enumerable.Range(0, names).Select(number => $"name{number}")];

        var found = table.FindAll(session, asked, Many);

        Assert.Equal(asked.Where((_, number) => number % 2 == 0).Select((_, index) => index + 1L), found.Order());
        Assert.Equal(questions, session.Questions);
    }

    [Fact]
    public void WhatIsThereIsAskedForOnceAndWhatIsNotEachTime()
    {
        using var connection = WithEvenNames(below: 20);
        var (table, session) = (Table(), new CountingSession(connection));
        string[] asked = [.. Enumerable.Range(0, 20).Select(number => $"name{number}")];
        table.FindAll(session, asked, Many);
        connection.Execute("INSERT INTO param(key) VALUES('name1')");

        Assert.Equal(11, table.FindAll(session, asked, Many).Count);
        Assert.Equal(2, session.Questions);
        Assert.Equal(1, table.Known("name0"));
    }

    private static NameTable Table() => new("SELECT p FROM param WHERE key = $1", "INSERT INTO param(key) VALUES($1)");

    private static Connection WithEvenNames(int below)
    {
        var connection = Connection.Open("Data Source=:memory:", TimeSpan.FromSeconds(1), TimeProvider.System);
        connection.Execute("CREATE TABLE param(p INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)");
        for (var number = 0; number < below; number += 2)
        {
            connection.Execute($"INSERT INTO param(key) VALUES('name{number}')");
        }

        return connection;
    }

    private sealed class CountingSession(ISqlSession inner) : ISqlSession
    {
        public int Questions { get; private set; }

        public SqlDialect Dialect => inner.Dialect;

        public bool IsWriter => inner.IsWriter;

        public ISqlStatement Prepare(string sql)
        {
            Questions++;
            return inner.Prepare(sql);
        }

        public long Scalar(string sql) => inner.Scalar(sql);

        public void LastFollows() => inner.LastFollows();
    }
}
