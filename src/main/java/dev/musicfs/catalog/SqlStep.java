package dev.musicfs.catalog;

import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.stream.Collectors;

/** One statement of a mutation. */
record SqlStep(String sql, Tuple parameters) {
    /** What follows DO UPDATE SET to take over these columns, except the id. */
    static String excluded(String columns) {
        return Arrays.stream(columns.split(", ?", -1))
                .filter(name -> !name.equals("id"))
                .map(name -> name + " = excluded." + name)
                .collect(Collectors.joining(", "));
    }
}
