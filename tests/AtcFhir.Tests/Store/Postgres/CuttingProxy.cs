using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>Where a connection breaks, seen from what the client sends next.</summary>
internal enum Cut
{
    None,
    /// <summary>Nothing of it reaches the database.</summary>
    Before,
    /// <summary>It reaches the database, which may or may not get to it before it notices.</summary>
    While,
    /// <summary>The database has carried it out; its answer gets lost.</summary>
    After,
}

/// <summary>A line to PostgreSQL that a test can cut at a point of the protocol.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint database;
    private readonly string connectionString;
    private volatile bool refuses;
    private int cut;

    public CuttingProxy(string connectionString)
    {
        this.connectionString = connectionString;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        database = settings.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint($"{settings.Host}/.s.PGSQL.{settings.Port}")
            : new DnsEndPoint(settings.Host, settings.Port);
        listener.Start();
        _ = Accept();
    }

    /// <summary>The database, by way of this proxy.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    /// <summary>Cuts the next connection that sends something; after that new ones are let through, unless <see cref="Refuse"/> says otherwise.</summary>
    public void CutNext(Cut where) => Volatile.Write(ref cut, (int)where);

    public void Refuse(bool isRefused) => refuses = isRefused;

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (refuses)
            {
                client.Dispose();
                continue;
            }

            var server = new Socket(database.AddressFamily == AddressFamily.Unspecified ? AddressFamily.InterNetwork : database.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            await server.ConnectAsync(database);
            _ = new Line(this, client, server).Run();
        }
    }

    private sealed class Line(CuttingProxy proxy, Socket client, Socket server)
    {
        private readonly List<byte> swallowed = [];
        private volatile bool swallows;

        public async Task Run()
        {
            await Task.WhenAny(Questions(), Answers());
            client.Dispose();
            server.Dispose();
        }

        private async Task Questions()
        {
            try
            {
                var buffer = new byte[1 << 16];
                while (await client.ReceiveAsync(buffer) is > 0 and var read)
                {
                    var where = (Cut)Interlocked.Exchange(ref proxy.cut, (int)Cut.None);
                    if (where == Cut.Before)
                    {
                        return;
                    }

                    swallows |= where == Cut.After;
                    await server.SendAsync(buffer.AsMemory(0, read));
                    if (where == Cut.While)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The other direction ended the line.
            }
        }

        private async Task Answers()
        {
            try
            {
                var buffer = new byte[1 << 16];
                while (await server.ReceiveAsync(buffer) is > 0 and var read)
                {
                    if (!swallows)
                    {
                        await client.SendAsync(buffer.AsMemory(0, read));
                        continue;
                    }

                    swallowed.AddRange(buffer.AsSpan(0, read));
                    if (HoldsReadyForQuery(swallowed.ToArray()))
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The other direction ended the line.
            }
        }

        /// <summary>Messages are a letter and a length that counts itself; 'Z' ends the answer to a round trip.</summary>
        private static bool HoldsReadyForQuery(ReadOnlySpan<byte> messages)
        {
            while (messages.Length >= 5)
            {
                if (messages[0] == (byte)'Z')
                {
                    return true;
                }

                var length = 1 + BinaryPrimitives.ReadInt32BigEndian(messages[1..]);
                if (length > messages.Length)
                {
                    return false;
                }

                messages = messages[length..];
            }

            return false;
        }
    }
}
