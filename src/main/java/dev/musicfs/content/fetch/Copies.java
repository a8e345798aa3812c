package dev.musicfs.content.fetch;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FetchedBuffer;
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
 * Where the bytes of one version of a file come from. Copies that are equal from the first byte to the last replace each
 * other freely. One of which only the audio is claimed to be equal may be the work of another encoder: the same sound in
 * other bytes, which must never be mixed with the file's own. So nothing of it is used before {@link AudioProof} has found
 * it equal to what is known of the file's own audio; where nothing of that is known, it is not used at all. A block whose
 * address is known may be read from it without that proof, since the address is one. Confined to the loop, apart from what
 * is said otherwise.
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

    /** The copies that the catalog has now. */
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

    /** Reads the copies whose bytes may be mixed; for any thread. */
    FileSource source() {
        return source;
    }

    /** The file itself. */
    Copy leader() {
        return all.get(0);
    }

    /** How many there are, refused ones included. */
    int count() {
        return all.size();
    }

    /** Whether bytes of this copy may be mixed with those of the others. */
    boolean trusted(Copy copy) {
        return !copy.audioOnly() || proved.contains(copy);
    }

    /** Whether a block may be read from this copy if its address is checked. */
    boolean usable(Copy copy) {
        return !refused.contains(copy);
    }

    /**
     * Reads as {@link FileSource#read}. The copies that may be mixed get half of the time; when all of them fail, others
     * are compared with the file and, once one has proved to be equal, the read is tried again for the rest of it.
     *
     * @param checked whether the bytes will be compared with their address before anybody sees them
     */
    Future<FetchedBuffer> fetch(ByteRange range, Deadline until, boolean checked) {
        if (checked) {
            return unproved.fetch(range, until, pipeline.pool());
        }
        List<Copy> candidates = all.stream()
                .filter(copy -> !trusted(copy) && usable(copy))
                .filter(copy -> copy.sameFrom() <= range.offset() && range.end() <= copy.sameTo())
                .toList();
        if (candidates.isEmpty()) {
            return source.fetch(range, until, pipeline.pool());
        }
        return source.fetch(range, pipeline.deadline(until.remaining().dividedBy(2)), pipeline.pool())
                .recover(failure -> mayFallBack(failure)
                        ? afterProof(candidates, range, until, failure)
                        : Future.failedFuture(failure));
    }

    private Future<FetchedBuffer> afterProof(
            List<Copy> candidates, ByteRange range, Deadline until, Throwable failure) {
        Promise<FetchedBuffer> read = Promise.promise();
        pipeline.loop().execute(() -> {
            List<Future<Void>> proofs = new ArrayList<>();
            candidates.forEach(copy -> proofs.add(prove(copy, until)));
            Future.join(proofs).onComplete(done -> pipeline.loop().execute(() -> {
                boolean slow = MusicFsException.kindOf(failure) == FailureKind.TIMEOUT && !until.expired();
                if (slow || candidates.stream().anyMatch(proved::contains)) {
                    source.fetch(range, until, pipeline.pool()).onComplete(read);
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

    /** This copy has given bytes with the address they should have. */
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

    /** This copy has given wrong bytes. */
    void suspect(Copy copy, String why) {
        source.suspect(copy, why);
        if (copy.audioOnly()) {
            refuse(copy);
        }
    }

    /** Whether another copy may help: not when the file itself has changed or the request was wrong. */
    static boolean mayFallBack(Throwable failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case UNAVAILABLE, TIMEOUT, REJECTED, NOT_FOUND, CORRUPT -> true;
            case STALE, READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }
}
