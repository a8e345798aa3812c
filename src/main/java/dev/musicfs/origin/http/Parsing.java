package dev.musicfs.origin.http;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/** Where answers are taken apart that may be large: on no event loop. */
interface Parsing {
    <T> Future<T> run(Callable<T> work);
}
