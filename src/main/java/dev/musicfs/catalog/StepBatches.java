package dev.musicfs.catalog;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts the statements of a list of mutations into runs of the same one, so that each run is one round trip. */
final class StepBatches {
    /** Rows in one batch; bounds what is held in memory beside the caller's list. */
    private static final int MOST_ROWS = 10_000;

    private final Iterator<SqlStep> steps;
    private @Nullable SqlStep carried;

    /** One statement with the parameters of each time it runs. */
    record Batch(String sql, List<Tuple> rows) {}

    StepBatches(List<Mutation> mutations) {
        this.steps = mutations.stream()
                .flatMap(mutation -> MutationSql.steps(mutation).stream())
                .iterator();
    }

    /** The next run, empty at the end; fails with {@code INVALID} for a mutation that cannot be stored. */
    Optional<Batch> next() {
        SqlStep first = carried != null ? carried : nextStep();
        carried = null;
        if (first == null) {
            return Optional.empty();
        }
        List<Tuple> rows = new ArrayList<>();
        SqlStep step = first;
        while (step != null && step.sql().equals(first.sql()) && rows.size() < MOST_ROWS) {
            rows.add(step.parameters());
            step = nextStep();
        }
        carried = step;
        return Optional.of(new Batch(first.sql(), rows));
    }

    private @Nullable SqlStep nextStep() {
        return steps.hasNext() ? steps.next() : null;
    }
}
