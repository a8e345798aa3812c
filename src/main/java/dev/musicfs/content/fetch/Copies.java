package dev.musicfs.content.fetch;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bytes of one version of a file come from. Copies that are the same from their first byte to their last stand
 * in for each other as they are. One whose audio alone is the same says so itself, and may still be the work of another
 * encoder: the same sound in other bytes, never to be mixed with the file's own. So nothing of it is used before
 * {@link AudioProof} has found it equal to what is known of the file's own audio; where nothing of that is known, it is
 * not used at all. Only for a block whose address is known it may be asked unproved, since the address is proof itself.
 * Confined to the loop, apart from what is said otherwise.
 */
final class Copies {
    private static final Logger log = LoggerFactory.getLogger(Copies.class);

    private final Pipeline pipeline;
    private final String name;
    private final AudioProof.Known known;
    private final Set<Copy> proved = new HashSet<>();
    private final Set<Copy> refused = new HashSet<>();
    private final SingleFlight<Copy, Void> proofs = new SingleFlight<>();
    private List<Copy> all = List.of();
    private FileSource source;
    private FileSource unproved;

    /**
     * @param name of the file, for messages
     * @param known what a copy of another encoder can be compared with
     * @param copies first the file itself
     */
    Copies(Pipeline pipeline, String name, AudioProof.Known known, List<Copy> copies) {
        this.pipeline = pipeline;
        this.name = name;
        this.known = known;
        this.all = List.copyOf(copies);
        this.source = sourceOf(all.stream().filter(this::trusted).toList());
        this.unproved = sourceOf(all);
    }

    /** What the catalog says now. */
    void renew(List<Copy> copies) {
        if (!all.equals(copies)) {
            all = List.copyOf(copies);
            changed();
        }
    }

    private void changed() {
        source = sourceOf(all.stream().filter(this::trusted).toList());
        unproved = sourceOf(all.stream().filter(copy -> !refused.contains(copy)).toList());
    }

    private FileSource sourceOf(List<Copy> some) {
        return pipeline.parts().sources().apply(some);
    }

    /** Those that may be mixed; may be used on any thread. */
    FileSource source() {
        return source;
    }

    /** The file itself. */
    Copy leader() {
        return all.get(0);
    }

    /** How many there are, whatever may be said against them. */
    int count() {
        return all.size();
    }

    /** Whether bytes of this copy may be mixed with those of the others. */
    boolean trusted(Copy copy) {
        return !copy.audioOnly() || proved.contains(copy);
    }

    /** Whether bytes of this copy may still be asked whether they have the address that they should have. */
    boolean usable(Copy copy) {
        return !refused.contains(copy);
    }

    /**
     * Reads as {@link FileSource#read}. When the copies that may be mixed all fail, one that may be only after a proof is
     * tried; they get half of the time before that, and the rest of it after.
     *
     * @param checked whether the bytes will be compared with their address before anybody sees them
     */
    Future<Fetched> read(ByteRange range, Deadline until, boolean checked) {
        if (checked) {
            return unproved.read(range, until);
        }
        List<Copy> candidates = all.stream()
                .filter(copy -> !trusted(copy) && usable(copy))
                .filter(copy -> copy.sameFrom() <= range.offset() && range.end() <= copy.sameTo())
                .toList();
        if (candidates.isEmpty()) {
            return source.read(range, until);
        }
        return source.read(range, pipeline.deadline(until.remaining().dividedBy(2)))
                .recover(failure -> mayStandIn(failure)
                        ? afterProof(candidates, range, until, failure)
                        : Future.failedFuture(failure));
    }

    private Future<Fetched> afterProof(List<Copy> candidates, ByteRange range, Deadline until, Throwable failure) {
        Promise<Fetched> read = Promise.promise();
        pipeline.loop().execute(() -> {
            List<Future<Void>> proofs = new ArrayList<>();
            candidates.forEach(copy -> proofs.add(prove(copy, until)));
            Future.join(proofs).onComplete(done -> pipeline.loop().execute(() -> {
                boolean slow = MusicFsException.kindOf(failure) == FailureKind.TIMEOUT && !until.expired();
                if (slow || candidates.stream().anyMatch(proved::contains)) {
                    source.read(range, until).onComplete(read);
                } else {
                    read.fail(failure);
                }
            }));
        });
        return read.future();
    }

    private Future<Void> prove(Copy copy, Deadline until) {
        return trusted(copy) || !usable(copy)
                ? Future.succeededFuture()
                : proofs.run(copy, () -> compared(copy, until));
    }

    private Future<Void> compared(Copy copy, Deadline until) {
        FileSource own = sourceOf(List.of(Copy.whole(copy.origin(), copy.path(), copy.version())));
        Promise<Void> over = Promise.promise();
        new AudioProof(pipeline, known, copy, own, until).run().onComplete(result -> pipeline.loop()
                .execute(() -> {
                    judge(copy, result);
                    over.complete();
                }));
        return over.future();
    }

    private void judge(Copy copy, AsyncResult<AudioProof.Result> proof) {
        if (proof.failed()) {
            log.debug("{} could not be compared with {}", copy, name, proof.cause());
        } else if (proof.result() == AudioProof.Result.EQUAL) {
            proved(copy);
        } else if (proof.result() == AudioProof.Result.OTHER) {
            log.info(
                    "The audio of {} of {} is as long as that of {} and has other bytes; it does not stand in for it.",
                    copy.path(),
                    copy.origin(),
                    name);
            refuse(copy);
        }
    }

    /** Bytes of this copy turned out to be those of the file. */
    void proved(Copy copy) {
        if (!trusted(copy) && usable(copy)) {
            proved.add(copy);
            changed();
        }
    }

    private void refuse(Copy copy) {
        proved.remove(copy);
        refused.add(copy);
        changed();
    }

    /** Bytes of this copy turned out to be wrong. */
    void blame(Copy copy, String why) {
        source.blame(copy, why);
        if (copy.audioOnly()) {
            refuse(copy);
        }
    }

    /** Not when the file itself has changed, nor when the request was no good. */
    static boolean mayStandIn(Throwable failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case UNAVAILABLE, TIMEOUT, REJECTED, NOT_FOUND, CORRUPT -> true;
            case STALE, READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }
}
