package dev.musicfs.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A connection with the statements that were prepared on it. Used by one thread at a time. */
final class ReaderConnection {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    ReaderConnection(Connection connection) {
        this.connection = connection;
    }

    /** The statement for this text; it stays open and belongs to the connection. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known != null) {
            return known;
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
        return statement;
    }

    /** Closes the statements and the connection. */
    void close() throws SQLException {
        connection.close();
    }
}
