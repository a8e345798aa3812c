package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes on disk which files are being parsed, so that no file can end the program for good: a note that is still there at a
 * start says what the program was at when it ended. Since more than one file may have been, and the end may have had
 * another cause, such a file is parsed once more, alone; when the program ends over it again it is damaged, and is not
 * parsed until it changes. For any thread.
 */
final class ParseNotes {
    private static final Logger LOG = LoggerFactory.getLogger(ParseNotes.class);

    /** How long a suspect waits for other files to be done with. */
    private static final long ALONE_PATIENCE_SECONDS = 30;

    private final NoteFile file;
    private final ReadWriteLock parsing = new ReentrantReadWriteLock();

    /** Those that were logged; no more than the file remembers. */
    private final Set<NoteFile.Key> told = ConcurrentHashMap.newKeySet();

    /** Has something parsed under a note. */
    interface Noted {
        /** Without any note. */
        static Noted nowhere() {
            return new Noted() {
                @Override
                public <T> T stepBlocking(RealPath path, FileVersion version, boolean last, Callable<T> parse)
                        throws Exception {
                    return parse.call();
                }
            };
        }

        /**
         * What {@code parse} gives or throws. Blocks on the disk, and for a suspect on other files that are being parsed.
         *
         * @param last whether nothing more of this file is going to be parsed
         * @throws MusicFsException {@code CORRUPT} when parsing this version of the file ended the program twice
         */
        <T> T stepBlocking(RealPath path, FileVersion version, boolean last, Callable<T> parse) throws Exception;

        /** The same for a file that is parsed in one step. */
        default <T> T parseBlocking(RealPath path, FileVersion version, Callable<T> parse) throws Exception {
            return stepBlocking(path, version, true, parse);
        }
    }

    ParseNotes(NoteFile file) {
        this.file = file;
    }

    /** For the files of one origin. */
    Noted of(OriginId origin) {
        return new Noted() {
            @Override
            public <T> T stepBlocking(RealPath path, FileVersion version, boolean last, Callable<T> parse)
                    throws Exception {
                NoteFile.Key key = NoteFile.keyOf(origin, path, version);
                int ends = file.endsBlocking(key);
                if (ends > 1) {
                    throw new MusicFsException(
                            FailureKind.CORRUPT,
                            "the program ended twice while it read this file, which is not read again until it changes");
                }
                if (ends == 0) {
                    return withOthersBlocking(key, parse);
                }
                if (told.add(key)) {
                    LOG.warn(
                            "Origin {}: the program ended while it read {}, which is read once more, alone",
                            origin,
                            path);
                }
                return aloneBlocking(key, last, parse);
            }
        };
    }

    private <T> T withOthersBlocking(NoteFile.Key key, Callable<T> parse) throws Exception {
        parsing.readLock().lock();
        try {
            return notedBlocking(key, parse);
        } finally {
            parsing.readLock().unlock();
        }
    }

    private <T> T aloneBlocking(NoteFile.Key key, boolean last, Callable<T> parse) throws Exception {
        boolean alone = parsing.writeLock().tryLock(ALONE_PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            return notedBlocking(key, parse);
        } finally {
            if (alone) {
                parsing.writeLock().unlock();
            }
            if (last) {
                file.forgetBlocking(key);
            }
        }
    }

    private <T> T notedBlocking(NoteFile.Key key, Callable<T> parse) throws Exception {
        int slot = file.noteBlocking(key);
        try {
            return parse.call();
        } finally {
            file.doneBlocking(slot);
        }
    }
}
