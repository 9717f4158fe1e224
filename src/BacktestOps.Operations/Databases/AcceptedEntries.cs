using Microsoft.Data.Sqlite;

namespace BacktestOps.Operations.Databases;

/// <summary>The entries that a copy of the service's database has: what had been accepted when it was made.</summary>
/// <param name="copy">The copy.</param>
/// <param name="table">The table of accepted work.</param>
/// <param name="key">Its key column.</param>
internal sealed class AcceptedEntries(string copy, string table, string key)
{
    /// <summary>Whether an entry was accepted then; null when the copy does not tell.</summary>
    public bool? Has(string id)
    {
        try
        {
            using var connection = SqliteFile.OpenImmutable(copy);
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT EXISTS (SELECT 1 FROM {SqliteFile.Quote(table)} WHERE {SqliteFile.Quote(key)} = $id)";
            command.Parameters.AddWithValue("$id", id);
            return (long)command.ExecuteScalar()! == 1;
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
