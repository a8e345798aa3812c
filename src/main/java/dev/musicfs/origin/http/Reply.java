package dev.musicfs.origin.http;

import dev.musicfs.origin.wire.Answer;

/**
 * An answer that is no redirect.
 *
 * @param url what it is the answer of, after redirects
 * @param redirected whether there were any
 */
record Reply(HttpUrl url, boolean redirected, Answer answer) {
    int status() {
        return answer.status();
    }

    /** Whether this is a page for people, by what the server says of it. */
    boolean isPage() {
        return Pages.isPage(answer.header("Content-Type"));
    }
}
