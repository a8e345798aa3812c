package dev.musicfs.catalog;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.FutureLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Writes through the Vert.x client over one connection, which makes the order of the lists the order of the
 * transactions.
 *
 * <p>The transaction is opened and ended by statements, not by the client: a deferred rule that breaks at COMMIT leaves
 * SQLite's transaction open, and the client would put such a connection back into its pool.
 */
@Attended(workers = "for noting damage, before the failure is handed on")
final class SqlWriter implements CatalogWriter {
    private final Vertx vertx;
    private final CatalogDatabase database;
    private final Pool pool;
    private final IdSequence fileIds;
    private final IdSequence nodeIds;
    private final AtomicLong applied = new AtomicLong();
    private volatile boolean closed;

    SqlWriter(Vertx vertx, CatalogDatabase database, IdSequence fileIds, IdSequence nodeIds) {
        this.vertx = vertx;
        this.database = database;
        this.fileIds = fileIds;
        this.nodeIds = nodeIds;
        // A connection that idles for good is wanted: opening one costs milliseconds.
        this.pool = JDBCPool.pool(
                vertx,
                database.writerDataSource(),
                new PoolOptions().setMaxSize(1).setMaxWaitQueueSize(-1).setIdleTimeout(0));
    }

    @Override
    public long nextFileId() {
        return fileIds.next();
    }

    @Override
    public NodeId nextNodeId() {
        return new NodeId(nodeIds.next());
    }

    @Override
    public Future<Void> apply(List<Mutation> mutations) {
        if (closed) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, "cannot change the catalog " + database.file() + ": it is closed"));
        }
        if (mutations.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Mutation> list = List.copyOf(mutations);
        return pool.withConnection(connection -> inTransaction(connection, list))
                .onSuccess(done -> applied.incrementAndGet())
                // Damage is noted in a file.
                .recover(e -> vertx.executeBlocking(
                        () -> {
                            throw database.failure("change", e);
                        },
                        false));
    }

    private Future<Void> inTransaction(SqlConnection connection, List<Mutation> mutations) {
        List<IdSequence> low =
                Stream.of(fileIds, nodeIds).filter(IdSequence::isRunningLow).toList();
        return run(connection, "BEGIN IMMEDIATE")
                .compose(v -> applyAll(connection, mutations))
                .compose(v -> Future.all(
                        low.stream().map(ids -> moveMark(connection, ids)).toList()))
                .compose(moved -> run(connection, "COMMIT")
                        .onSuccess(v -> moved.<IdSequence>list().forEach(IdSequence::blockWasAdded)))
                // Fails, without harm, when SQLite has already rolled back or BEGIN itself failed.
                .recover(e -> run(connection, "ROLLBACK").transform(ignored -> Future.failedFuture(e)));
    }

    private static Future<Void> applyAll(SqlConnection connection, List<Mutation> mutations) {
        StepBatches batches = new StepBatches(mutations);
        return FutureLoop.repeat(() -> batches.next()
                .map(batch -> connection
                        .preparedQuery(batch.sql())
                        .executeBatch(batch.rows())
                        .map(true))
                .orElseGet(() -> Future.succeededFuture(false)));
    }

    /** Reserves a further block; it may be used once the transaction is committed. */
    private static Future<IdSequence> moveMark(SqlConnection connection, IdSequence ids) {
        return connection
                .preparedQuery(IdSequence.MOVE_MARK)
                .execute(Tuple.of(ids.end() + IdSequence.BLOCK, ids.name(), ids.end()))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture(ids)
                        : Future.failedFuture(new MusicFsException(
                                FailureKind.UNAVAILABLE, "another process writes to the same catalog")));
    }

    private static Future<Void> run(SqlConnection connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }

    /** How many lists were applied. */
    long applied() {
        return applied.get();
    }

    /** Refuses new lists, waits for those that were accepted, and closes the connection. */
    Future<Void> close() {
        closed = true;
        // The pool serves its waiters in order: this request gets the connection after every accepted list.
        return pool.getConnection().compose(SqlConnection::close).transform(ignored -> pool.close());
    }
}
