// Generated from docs/openapi.json by npm run docs.
export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can the service judge proofs now, and with what? */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description Needs an API key with the scope `read`.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the caller may do, and what the service keeps of people
         * @description Any API key may call this.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tasks that can be claimed
         * @description Any API key may call this.
         */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What to change before a photo is taken: distance, light, blur, pose
         * @description Any API key may call this.
         */
        post: operations["captureHint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol a user from 1 to 5 photos, or add photos to one
         * @description Needs an API key with the scope `enrol`.
         */
        post: operations["signup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does this photo prove that this user did this task?
         * @description Needs an API key with the scope `verify`.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a user to move the head: poses in random order
         * @description Needs an API key with the scope `verify`.
         */
        post: operations["beginChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/challenges/{id}/frames": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Judge the frames of a challenge, once
         * @description Needs an API key with the scope `verify`.
         */
        post: operations["submitFrames"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/challenges/{id}/pose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the head on one photo shows, and what to do next
         * @description Needs an API key with the scope `verify`.
         */
        post: operations["currentPose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/challenges/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a challenge stands
         * @description Needs an API key with the scope `verify`.
         */
        get: operations["getChallenge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The outcome of a verification with `Prefer: respond-async`
         * @description Needs an API key with the scope `verify`.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Past verifications, newest first
         * @description Needs an API key with the scope `read`.
         */
        get: operations["listVerifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/verifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One past verification
         * @description Needs an API key with the scope `read`.
         */
        get: operations["getVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a person has to decide, or has decided, oldest first
         * @description Needs an API key with the scope `review`.
         */
        get: operations["listReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One review, with what the machine saw
         * @description Needs an API key with the scope `review`.
         */
        get: operations["getReview"];
        put?: never;
        /**
         * Decide a review, once
         * @description Needs an API key with the scope `review`.
         */
        post: operations["decideReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews/{id}/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The photo of an open review, or of a decided one that is kept for learning, as it was sent
         * @description Needs an API key with the scope `review`.
         */
        get: operations["getReviewPhoto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Faces and detections as an SVG, to lay over the upright photo
         * @description Needs an API key with the scope `review`.
         */
        get: operations["getReviewEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/verifications/{id}/appeal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a person to look at a rejected verification again, once
         * @description Needs an API key with the scope `verify`.
         */
        post: operations["appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Enrolled users, by name
         * @description Needs an API key with the scope `read`.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description Needs an API key with the scope `read`.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Erase a user: template, shots and the name in past verifications
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{username}/shots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove one added shot from a template, and its photo if it is kept
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["removeShot"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{username}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is stored about a user
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["exportUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{username}/photos/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A kept photo of a user, as it was sent
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getPhoto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which users does this photo show?
         * @description Needs an API key with the scope `identify`.
         */
        post: operations["identify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/debug/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Everything the models see on a photo, without any user
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["getEvidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teaching": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the teaching stands
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getTeaching"];
        put?: never;
        /**
         * Teaches a task by the photos that were added
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["beginTeaching"];
        /**
         * Ends the teaching, and removes its photos
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["discardTeaching"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teaching/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds example photos
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["addTeachingPhotos"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teaching/photos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A photo that was added
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getTeachingPhoto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teaching/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Writes what was taught beside the tasks file, and removes the photos
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["keepTeaching"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ErrorBody: {
            /** @constant */
            status: "error";
            /** @description HTTP status */
            code: number;
            /**
             * @description stable machine code
             * @enum {string}
             */
            error: "invalid_request" | "invalid_username" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "too_few_frames" | "webhook_refused" | "unauthorized" | "forbidden" | "user_not_found" | "not_found" | "method_not_allowed" | "challenge_not_found" | "upload_too_slow" | "identity_conflict" | "username_taken" | "person_already_enrolled" | "reenrol_required" | "anchor_shot" | "replayed_photo" | "challenge_used" | "challenge_not_passed" | "idempotency_in_progress" | "not_appealable" | "teaching_conflict" | "review_decided" | "second_reviewer_required" | "challenge_expired" | "body_too_large" | "photo_too_large" | "too_many_pixels" | "address_too_long" | "unsupported_media_type" | "unsupported_image_type" | "unreadable_image" | "no_usable_face" | "frame_sizes_differ" | "unknown_task" | "photo_differs" | "idempotency_mismatch" | "headers_too_large" | "client_gone" | "rate_limited" | "inference_failed" | "internal_error" | "challenges_unavailable" | "unreachable" | "overloaded" | "task_unavailable" | "shutting_down" | "store_unavailable" | "store_sealed" | "store_corrupt" | "timed_out";
            /** @description what was expected, what was found, what to do */
            message: string;
            /** @description also in the header x-request-id and on every log line */
            requestId: string;
            /** @description the field that does not fit */
            field?: string;
            /** @description the scope that the API key does not have */
            scope?: string;
            /** @description the known tasks */
            tasks?: {
                name: string;
                aliases: string[];
            }[];
            /** @description why each photo was turned down */
            rejected?: {
                /** @description position in the request, from 0 */
                index: number;
                filename: string;
                /** @enum {string} */
                code: "no_face" | "multiple_faces" | "face_too_small" | "too_blurry" | "too_dark" | "too_bright" | "extreme_pose" | "face_cut_off" | "face_unclear" | "not_live" | "not_same_person" | "duplicate" | "unreadable" | "unsupported_type" | "too_many_pixels";
                message: string;
            }[];
        };
        GetOpenApiAnswer: {
            [key: string]: unknown;
        };
        GetHealthAnswer: {
            /** @constant */
            ok: true;
            version: string;
            /** @description seconds */
            uptime: number;
        };
        GetReadyAnswer: {
            ready: boolean;
            models: {
                id: string;
                role: string;
                title: string;
                sha256: string;
                licence: string;
                commercial: boolean;
                /** @description when the operator accepted the licence's terms, where they need acceptance */
                accepted?: string;
            }[];
            thresholds: {
                similarity: number;
                agreement: number;
                quality: number;
                /** @description where the photo alone decides */
                liveness: number | null;
                /** @description liveness scores that the photo alone does not decide */
                uncertain: {
                    low: number;
                    high: number;
                } | null;
            };
            /** @description settings that say a threshold, by its name; the others were measured for the models */
            thresholdSettings: {
                similarity?: string;
                quality?: string;
                liveness?: string;
                uncertain?: string;
            };
            provider: string;
            /** @description why `EXECUTION_PROVIDER=auto` did not take a faster one */
            providerReason?: string;
            /** @description numbers that the object detector computes with, and why */
            precision?: {
                /** @enum {string} */
                type: "fp32" | "int8";
                reason: string;
            };
            store: {
                kind: string;
                ok: boolean;
            };
            queue: {
                workers: number;
                active: number;
                waiting: number;
                max: number;
                failed: number;
                /** @description uploads that are not complete yet */
                uploading: number;
            };
            tasks: {
                name: string;
                available: boolean;
            }[];
            /** @description why the service is not ready, in sentences */
            problems: string[];
        } | {
            ready: boolean;
            /** @description why the service is not ready, in sentences */
            problems: string[];
        };
        GetMeAnswer: {
            /** @description name of the API key; null when none was needed */
            key: string | null;
            /** @description `admin` includes every other scope */
            scopes: ("enrol" | "verify" | "read" | "identify" | "review" | "admin")[];
            /** @description true when answers to this caller carry scores */
            scores: boolean;
            /** @description what the settings of the service switch on */
            offers: {
                /** @description true when what is uncertain is left to a person, see `REVIEW` */
                reviews: boolean;
                /** @description true when tasks can be taught on the page, see `TEACHING` */
                teaching: boolean;
            };
            /** @description what the service stores about people, for apps that ask them for photos */
            privacy: {
                /** @description true when a signup needs the field `consent` */
                consentRequired: boolean;
                photos: {
                    /** @description true when enrolment photos are kept */
                    enrol: boolean;
                    /** @description true when proof photos are kept */
                    proofs: boolean;
                };
                /** @description photos that a person looks at; null: nobody does */
                reviews: {
                    /** @description days for which the photo of an open review is kept at most */
                    openDays: number;
                    /** @description days for which the photo of a reviewed proof is kept after the decision, for learning */
                    keptDays: number;
                } | null;
                /** @description days after which kept photos and verification records are removed; null: never */
                retentionDays: number | null;
            };
        };
        ListTasksAnswer: {
            tasks: {
                name: string;
                title: string;
                aliases: string[];
                available: boolean;
                /** @description why the task is not available */
                reason?: string;
                rules: {
                    id: string;
                    active: boolean;
                    demonstration: boolean;
                    description: string;
                    /** @description why a rule with a scene is not active, and what to do */
                    problem?: string;
                    /** @description what a taught scene is worth, cross-validated by the origin of the photos: which share of photos of the task, of others and of near misses it proves */
                    scene?: {
                        name: string;
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        taught: string;
                        threshold: number;
                        /** @description area under the ROC curve */
                        auc: number;
                        /** @description a share with its 95 % confidence interval */
                        proven: {
                            rate: number;
                            low: number;
                            high: number;
                            photos: number;
                        };
                        /** @description a share with its 95 % confidence interval */
                        false: {
                            rate: number;
                            low: number;
                            high: number;
                            photos: number;
                        };
                        near: {
                            rate: number;
                            low: number;
                            high: number;
                            photos: number;
                        } | null;
                        /** @description what it was taught with */
                        photos: {
                            yes: number;
                            no: number;
                            near: number;
                            refused: number;
                            origins: number;
                        };
                    };
                }[];
            }[];
        };
        CaptureHintAnswer: {
            /**
             * @description what to do next towards `step`; `hold`: a photo taken now is good enough
             * @enum {string}
             */
            hint: "no_face" | "several_faces" | "closer" | "farther" | "centre_face" | "turn_left" | "turn_right" | "look_up" | "look_down" | "look_straight" | "turn_less" | "hold" | "face_cut_off" | "face_too_small" | "too_dark" | "too_bright" | "too_blurry" | "extreme_pose";
            /** @description degrees; grows towards the person's left */
            yaw: number | null;
            /** @description degrees; grows as the head goes down */
            pitch: number | null;
            box: [
                number,
                number,
                number,
                number
            ] | null;
            photo: {
                width: number;
                height: number;
            };
        };
        SignupAnswer: {
            /** @constant */
            status: true;
            /** @example User enrolled. shots=3 */
            message: string;
            user: string;
            /** @description photos that now make up the template */
            shots: number;
            accepted: {
                /** @description position in the request, from 0 */
                index: number;
                filename: string;
                /** @description x1, y1, x2, y2 in pixels of the upright photo */
                face: [
                    number,
                    number,
                    number,
                    number
                ];
            }[];
            rejected: {
                /** @description position in the request, from 0 */
                index: number;
                filename: string;
                /** @enum {string} */
                code: "no_face" | "multiple_faces" | "face_too_small" | "too_blurry" | "too_dark" | "too_bright" | "extreme_pose" | "face_cut_off" | "face_unclear" | "not_live" | "not_same_person" | "duplicate" | "unreadable" | "unsupported_type" | "too_many_pixels";
                message: string;
            }[];
            /** @description other users whose face is the same; left out with `DUPLICATE_PERSON=off` */
            possible_duplicates?: number;
            /** @description their names, for a key with the scope identify */
            duplicates?: string[];
        };
        VerifyAnswer: {
            /** @constant */
            status: "approved";
            id: string;
            user: string;
            /** @description name of the task, also when an alias was sent */
            task: string;
            similarity: number | null;
            liveness_score: number | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            timestamp: string;
            reasons: ("no_face" | "face_too_small" | "face_unclear" | "face_mismatch" | "not_live" | "liveness_uncertain" | "challenge_required" | "task_not_shown" | "task_not_by_subject" | "recycled_photo")[];
            checks: {
                face: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description x1, y1, x2, y2 in pixels of the upright photo */
                    box?: [
                        number,
                        number,
                        number,
                        number
                    ];
                    /** @description every face of the photo, largest first */
                    faces: {
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description confidence of the detector */
                        score: number;
                        /** @description probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated */
                        quality: number | null;
                        /** @description null for a face that cannot be recognised */
                        similarity: number | null;
                        /** @description true for the face that the verdict is about */
                        subject: boolean;
                    }[];
                };
                liveness: {
                    /**
                     * @description `uncertain`: the photo alone does not decide, so that the proof is not approved by itself
                     * @enum {string}
                     */
                    outcome: "passed" | "failed" | "uncertain" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all */
                    uncertain?: {
                        low: number;
                        high: number;
                    };
                    models: {
                        id: string;
                        score: number;
                    }[];
                };
                task: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description the rule that proved the task */
                    rule?: string;
                    /** @description for a rule that was taught by example photos */
                    scene?: {
                        name: string;
                        /** @description how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not */
                        score: number;
                        /** @description least score that proves the task */
                        threshold: number;
                    };
                    /** @description true when a rule proved the task that only shows the idea and proves little */
                    demonstration?: boolean;
                    detections: {
                        label: string;
                        score: number;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description true when the detection took part in proving the task */
                        matched: boolean;
                    }[];
                };
                originality: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description the earlier photo of the same picture */
                    match?: {
                        /**
                         * @description an approved proof, or an enrolment photo
                         * @enum {string}
                         */
                        kind: "proof" | "shot";
                        /** @description true for a photo of the same user */
                        own: boolean;
                        /** @description id of the verification that it proved, for a photo of the same user */
                        verification?: string;
                    };
                };
            };
            /** @description size of the upright photo, pixels */
            photo: {
                width: number;
                height: number;
                /** @description degrees clockwise by which the photo was turned so that its face stands upright, beyond what the file says: 0, 90, 180 or 270 */
                turned: number;
            };
            /**
             * @description what would decide: begin a challenge, and send the proof again with its id
             * @constant
             */
            next?: "challenge";
            /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
            review?: {
                id: string;
                /**
                 * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                 * @enum {string}
                 */
                state: "open" | "approved" | "rejected" | "expired";
            };
            /** @description id of the first verification of this user with the very same photo: a retry, or one photo for several claims */
            repeat_of?: string;
        } | {
            /** @constant */
            status: "rejected";
            /** @enum {string} */
            reason: "No face detected" | "Face not recognisable" | "Face mismatch" | "Liveness failed" | "Liveness uncertain" | "Task not verified" | "Photo used before";
            id: string;
            user: string;
            /** @description name of the task, also when an alias was sent */
            task: string;
            similarity: number | null;
            liveness_score: number | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            timestamp: string;
            reasons: ("no_face" | "face_too_small" | "face_unclear" | "face_mismatch" | "not_live" | "liveness_uncertain" | "challenge_required" | "task_not_shown" | "task_not_by_subject" | "recycled_photo")[];
            checks: {
                face: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description x1, y1, x2, y2 in pixels of the upright photo */
                    box?: [
                        number,
                        number,
                        number,
                        number
                    ];
                    /** @description every face of the photo, largest first */
                    faces: {
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description confidence of the detector */
                        score: number;
                        /** @description probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated */
                        quality: number | null;
                        /** @description null for a face that cannot be recognised */
                        similarity: number | null;
                        /** @description true for the face that the verdict is about */
                        subject: boolean;
                    }[];
                };
                liveness: {
                    /**
                     * @description `uncertain`: the photo alone does not decide, so that the proof is not approved by itself
                     * @enum {string}
                     */
                    outcome: "passed" | "failed" | "uncertain" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all */
                    uncertain?: {
                        low: number;
                        high: number;
                    };
                    models: {
                        id: string;
                        score: number;
                    }[];
                };
                task: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description the rule that proved the task */
                    rule?: string;
                    /** @description for a rule that was taught by example photos */
                    scene?: {
                        name: string;
                        /** @description how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not */
                        score: number;
                        /** @description least score that proves the task */
                        threshold: number;
                    };
                    /** @description true when a rule proved the task that only shows the idea and proves little */
                    demonstration?: boolean;
                    detections: {
                        label: string;
                        score: number;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description true when the detection took part in proving the task */
                        matched: boolean;
                    }[];
                };
                originality: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure, or why the check was skipped */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                    /** @description the earlier photo of the same picture */
                    match?: {
                        /**
                         * @description an approved proof, or an enrolment photo
                         * @enum {string}
                         */
                        kind: "proof" | "shot";
                        /** @description true for a photo of the same user */
                        own: boolean;
                        /** @description id of the verification that it proved, for a photo of the same user */
                        verification?: string;
                    };
                };
            };
            /** @description size of the upright photo, pixels */
            photo: {
                width: number;
                height: number;
                /** @description degrees clockwise by which the photo was turned so that its face stands upright, beyond what the file says: 0, 90, 180 or 270 */
                turned: number;
            };
            /**
             * @description what would decide: begin a challenge, and send the proof again with its id
             * @constant
             */
            next?: "challenge";
            /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
            review?: {
                id: string;
                /**
                 * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                 * @enum {string}
                 */
                state: "open" | "approved" | "rejected" | "expired";
            };
            /** @description id of the first verification of this user with the very same photo: a retry, or one photo for several claims */
            repeat_of?: string;
        };
        SubmitFramesAnswer: {
            id: string;
            user: string;
            /** @enum {string} */
            status: "passed" | "failed";
            reasons: ("no_face" | "pose_missed" | "several_faces" | "face_mismatch" | "flat_face" | "not_live" | "frames_repeated" | "scene_changed")[];
            /** @description poses: steps shown in their order; identity: least similarity to the user; parallax: 0..1, what a flat picture does not show; liveness: median of the passive scores; continuity: least likeness of the scene, 0..1 */
            checks: {
                poses: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                identity: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                parallax: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                liveness: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                continuity: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
            };
            /** @description until when a passed challenge counts for a verification */
            expires: string | null;
        };
        CurrentPoseAnswer: {
            /** @description what the head shows; null: none of the poses, or no single face */
            pose: ("left" | "right" | "up" | "down" | "centre") | null;
            /**
             * @description what to do next towards `step`; `hold`: it is shown
             * @enum {string}
             */
            hint: "no_face" | "several_faces" | "closer" | "farther" | "centre_face" | "turn_left" | "turn_right" | "look_up" | "look_down" | "look_straight" | "turn_less" | "hold";
            /** @description degrees; grows towards the person's left */
            yaw: number | null;
            /** @description degrees; grows as the head goes down */
            pitch: number | null;
            box: [
                number,
                number,
                number,
                number
            ] | null;
            photo: {
                width: number;
                height: number;
            };
        };
        GetChallengeAnswer: {
            id: string;
            user: string;
            /** @description poses to show, in this order */
            steps: {
                /**
                 * @description left and right are the person's own: left is the right side of a picture that is not mirrored
                 * @enum {string}
                 */
                pose: "left" | "right" | "up" | "down" | "centre";
            }[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            expires: string;
            /** @enum {string} */
            status: "pending" | "judging" | "passed" | "failed" | "used" | "expired";
            reasons?: ("no_face" | "pose_missed" | "several_faces" | "face_mismatch" | "flat_face" | "not_live" | "frames_repeated" | "scene_changed")[];
            /** @description poses: steps shown in their order; identity: least similarity to the user; parallax: 0..1, what a flat picture does not show; liveness: median of the passive scores; continuity: least likeness of the scene, 0..1 */
            checks?: {
                poses: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                identity: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                parallax: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                liveness: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
                continuity: {
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "skipped";
                    score: number | null;
                    threshold: number | null;
                    /** @description machine code of a failure */
                    reason?: string;
                    /** @description the outcome in words */
                    message: string;
                };
            };
        };
        GetJobAnswer: {
            /** @description also the id of the verification, once it is done */
            id: string;
            /** @enum {string} */
            status: "pending" | "running" | "done" | "failed";
            /**
             * @example {
             *       "status": "approved",
             *       "id": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
             *       "user": "anna",
             *       "task": "waste",
             *       "timestamp": "2026-05-04T09:32:40.000Z",
             *       "photo": {
             *         "width": 1920,
             *         "height": 1350,
             *         "turned": 0
             *       },
             *       "similarity": 0.72,
             *       "liveness_score": 0.99,
             *       "reasons": [],
             *       "checks": {
             *         "face": {
             *           "outcome": "passed",
             *           "score": 0.72,
             *           "threshold": 0.4,
             *           "message": "The face matches the enrolled user: similarity 0.72, needed 0.40.",
             *           "box": [
             *             1077,
             *             193,
             *             1295,
             *             506
             *           ],
             *           "faces": [
             *             {
             *               "box": [
             *                 1077,
             *                 193,
             *                 1295,
             *                 506
             *               ],
             *               "score": 0.99,
             *               "quality": 0.98,
             *               "similarity": 0.72,
             *               "subject": true
             *             }
             *           ]
             *         },
             *         "liveness": {
             *           "outcome": "passed",
             *           "score": 0.99,
             *           "threshold": 0.7,
             *           "uncertain": {
             *             "low": 0.003,
             *             "high": 0.7
             *           },
             *           "message": "The face looks live: 0.99, needed 0.70.",
             *           "models": [
             *             {
             *               "id": "fr_liveness",
             *               "score": 0.99
             *             }
             *           ]
             *         },
             *         "task": {
             *           "outcome": "passed",
             *           "score": 0.86,
             *           "threshold": 0.7,
             *           "rule": "waste-scene",
             *           "scene": {
             *             "name": "waste",
             *             "score": 0.86,
             *             "threshold": 0.7
             *           },
             *           "message": "The photo shows waste collection (a person who collects waste, by example photos): 0.86, needed 0.70.",
             *           "detections": [
             *             {
             *               "label": "person",
             *               "score": 0.93,
             *               "box": [
             *                 900,
             *                 150,
             *                 1500,
             *                 1340
             *               ],
             *               "matched": true
             *             },
             *             {
             *               "label": "cup",
             *               "score": 0.8,
             *               "box": [
             *                 1120,
             *                 700,
             *                 1220,
             *                 830
             *               ],
             *               "matched": false
             *             }
             *           ]
             *         },
             *         "originality": {
             *           "outcome": "passed",
             *           "score": null,
             *           "threshold": null,
             *           "message": "The photo was not used before."
             *         }
             *       }
             *     }
             * @example {
             *       "status": "rejected",
             *       "reason": "Face mismatch",
             *       "id": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
             *       "user": "anna",
             *       "task": "waste",
             *       "timestamp": "2026-05-04T09:32:40.000Z",
             *       "photo": {
             *         "width": 1920,
             *         "height": 1350,
             *         "turned": 0
             *       },
             *       "similarity": 0.13,
             *       "liveness_score": 0.99,
             *       "reasons": [
             *         "face_mismatch"
             *       ],
             *       "checks": {
             *         "face": {
             *           "outcome": "failed",
             *           "score": 0.13,
             *           "threshold": 0.4,
             *           "reason": "face_mismatch",
             *           "message": "The face does not match the enrolled user: similarity 0.13, needed 0.40.",
             *           "box": [
             *             1077,
             *             193,
             *             1295,
             *             506
             *           ],
             *           "faces": [
             *             {
             *               "box": [
             *                 1077,
             *                 193,
             *                 1295,
             *                 506
             *               ],
             *               "score": 0.99,
             *               "quality": 0.98,
             *               "similarity": 0.13,
             *               "subject": true
             *             }
             *           ]
             *         },
             *         "liveness": {
             *           "outcome": "passed",
             *           "score": 0.99,
             *           "threshold": 0.7,
             *           "uncertain": {
             *             "low": 0.003,
             *             "high": 0.7
             *           },
             *           "message": "The face looks live: 0.99, needed 0.70.",
             *           "models": [
             *             {
             *               "id": "fr_liveness",
             *               "score": 0.99
             *             }
             *           ]
             *         },
             *         "task": {
             *           "outcome": "passed",
             *           "score": 0.86,
             *           "threshold": 0.7,
             *           "rule": "waste-scene",
             *           "scene": {
             *             "name": "waste",
             *             "score": 0.86,
             *             "threshold": 0.7
             *           },
             *           "message": "The photo shows waste collection (a person who collects waste, by example photos): 0.86, needed 0.70.",
             *           "detections": [
             *             {
             *               "label": "person",
             *               "score": 0.93,
             *               "box": [
             *                 900,
             *                 150,
             *                 1500,
             *                 1340
             *               ],
             *               "matched": true
             *             },
             *             {
             *               "label": "cup",
             *               "score": 0.8,
             *               "box": [
             *                 1120,
             *                 700,
             *                 1220,
             *                 830
             *               ],
             *               "matched": false
             *             }
             *           ]
             *         },
             *         "originality": {
             *           "outcome": "passed",
             *           "score": null,
             *           "threshold": null,
             *           "message": "The photo was not used before."
             *         }
             *       }
             *     }
             */
            verdict?: {
                /** @constant */
                status: "approved";
                id: string;
                user: string;
                /** @description name of the task, also when an alias was sent */
                task: string;
                similarity: number | null;
                liveness_score: number | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                timestamp: string;
                reasons: ("no_face" | "face_too_small" | "face_unclear" | "face_mismatch" | "not_live" | "liveness_uncertain" | "challenge_required" | "task_not_shown" | "task_not_by_subject" | "recycled_photo")[];
                checks: {
                    face: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box?: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description every face of the photo, largest first */
                        faces: {
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description confidence of the detector */
                            score: number;
                            /** @description probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated */
                            quality: number | null;
                            /** @description null for a face that cannot be recognised */
                            similarity: number | null;
                            /** @description true for the face that the verdict is about */
                            subject: boolean;
                        }[];
                    };
                    liveness: {
                        /**
                         * @description `uncertain`: the photo alone does not decide, so that the proof is not approved by itself
                         * @enum {string}
                         */
                        outcome: "passed" | "failed" | "uncertain" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all */
                        uncertain?: {
                            low: number;
                            high: number;
                        };
                        models: {
                            id: string;
                            score: number;
                        }[];
                    };
                    task: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the rule that proved the task */
                        rule?: string;
                        /** @description for a rule that was taught by example photos */
                        scene?: {
                            name: string;
                            /** @description how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not */
                            score: number;
                            /** @description least score that proves the task */
                            threshold: number;
                        };
                        /** @description true when a rule proved the task that only shows the idea and proves little */
                        demonstration?: boolean;
                        detections: {
                            label: string;
                            score: number;
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description true when the detection took part in proving the task */
                            matched: boolean;
                        }[];
                    };
                    originality: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the earlier photo of the same picture */
                        match?: {
                            /**
                             * @description an approved proof, or an enrolment photo
                             * @enum {string}
                             */
                            kind: "proof" | "shot";
                            /** @description true for a photo of the same user */
                            own: boolean;
                            /** @description id of the verification that it proved, for a photo of the same user */
                            verification?: string;
                        };
                    };
                };
                /** @description size of the upright photo, pixels */
                photo: {
                    width: number;
                    height: number;
                    /** @description degrees clockwise by which the photo was turned so that its face stands upright, beyond what the file says: 0, 90, 180 or 270 */
                    turned: number;
                };
                /**
                 * @description what would decide: begin a challenge, and send the proof again with its id
                 * @constant
                 */
                next?: "challenge";
                /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
                review?: {
                    id: string;
                    /**
                     * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                     * @enum {string}
                     */
                    state: "open" | "approved" | "rejected" | "expired";
                };
                /** @description id of the first verification of this user with the very same photo: a retry, or one photo for several claims */
                repeat_of?: string;
            } | {
                /** @constant */
                status: "rejected";
                /** @enum {string} */
                reason: "No face detected" | "Face not recognisable" | "Face mismatch" | "Liveness failed" | "Liveness uncertain" | "Task not verified" | "Photo used before";
                id: string;
                user: string;
                /** @description name of the task, also when an alias was sent */
                task: string;
                similarity: number | null;
                liveness_score: number | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                timestamp: string;
                reasons: ("no_face" | "face_too_small" | "face_unclear" | "face_mismatch" | "not_live" | "liveness_uncertain" | "challenge_required" | "task_not_shown" | "task_not_by_subject" | "recycled_photo")[];
                checks: {
                    face: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box?: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description every face of the photo, largest first */
                        faces: {
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description confidence of the detector */
                            score: number;
                            /** @description probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated */
                            quality: number | null;
                            /** @description null for a face that cannot be recognised */
                            similarity: number | null;
                            /** @description true for the face that the verdict is about */
                            subject: boolean;
                        }[];
                    };
                    liveness: {
                        /**
                         * @description `uncertain`: the photo alone does not decide, so that the proof is not approved by itself
                         * @enum {string}
                         */
                        outcome: "passed" | "failed" | "uncertain" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all */
                        uncertain?: {
                            low: number;
                            high: number;
                        };
                        models: {
                            id: string;
                            score: number;
                        }[];
                    };
                    task: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the rule that proved the task */
                        rule?: string;
                        /** @description for a rule that was taught by example photos */
                        scene?: {
                            name: string;
                            /** @description how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not */
                            score: number;
                            /** @description least score that proves the task */
                            threshold: number;
                        };
                        /** @description true when a rule proved the task that only shows the idea and proves little */
                        demonstration?: boolean;
                        detections: {
                            label: string;
                            score: number;
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description true when the detection took part in proving the task */
                            matched: boolean;
                        }[];
                    };
                    originality: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the earlier photo of the same picture */
                        match?: {
                            /**
                             * @description an approved proof, or an enrolment photo
                             * @enum {string}
                             */
                            kind: "proof" | "shot";
                            /** @description true for a photo of the same user */
                            own: boolean;
                            /** @description id of the verification that it proved, for a photo of the same user */
                            verification?: string;
                        };
                    };
                };
                /** @description size of the upright photo, pixels */
                photo: {
                    width: number;
                    height: number;
                    /** @description degrees clockwise by which the photo was turned so that its face stands upright, beyond what the file says: 0, 90, 180 or 270 */
                    turned: number;
                };
                /**
                 * @description what would decide: begin a challenge, and send the proof again with its id
                 * @constant
                 */
                next?: "challenge";
                /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
                review?: {
                    id: string;
                    /**
                     * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                     * @enum {string}
                     */
                    state: "open" | "approved" | "rejected" | "expired";
                };
                /** @description id of the first verification of this user with the very same photo: a retry, or one photo for several claims */
                repeat_of?: string;
            };
            error?: {
                /** @constant */
                status: "error";
                /** @description HTTP status */
                code: number;
                /**
                 * @description stable machine code
                 * @enum {string}
                 */
                error: "invalid_request" | "invalid_username" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "too_few_frames" | "webhook_refused" | "unauthorized" | "forbidden" | "user_not_found" | "not_found" | "method_not_allowed" | "challenge_not_found" | "upload_too_slow" | "identity_conflict" | "username_taken" | "person_already_enrolled" | "reenrol_required" | "anchor_shot" | "replayed_photo" | "challenge_used" | "challenge_not_passed" | "idempotency_in_progress" | "not_appealable" | "teaching_conflict" | "review_decided" | "second_reviewer_required" | "challenge_expired" | "body_too_large" | "photo_too_large" | "too_many_pixels" | "address_too_long" | "unsupported_media_type" | "unsupported_image_type" | "unreadable_image" | "no_usable_face" | "frame_sizes_differ" | "unknown_task" | "photo_differs" | "idempotency_mismatch" | "headers_too_large" | "client_gone" | "rate_limited" | "inference_failed" | "internal_error" | "challenges_unavailable" | "unreachable" | "overloaded" | "task_unavailable" | "shutting_down" | "store_unavailable" | "store_sealed" | "store_corrupt" | "timed_out";
                /** @description what was expected, what was found, what to do */
                message: string;
                /** @description also in the header x-request-id and on every log line */
                requestId: string;
                /** @description the field that does not fit */
                field?: string;
                /** @description the scope that the API key does not have */
                scope?: string;
                /** @description the known tasks */
                tasks?: {
                    name: string;
                    aliases: string[];
                }[];
                /** @description why each photo was turned down */
                rejected?: {
                    /** @description position in the request, from 0 */
                    index: number;
                    filename: string;
                    /** @enum {string} */
                    code: "no_face" | "multiple_faces" | "face_too_small" | "too_blurry" | "too_dark" | "too_bright" | "extreme_pose" | "face_cut_off" | "face_unclear" | "not_live" | "not_same_person" | "duplicate" | "unreadable" | "unsupported_type" | "too_many_pixels";
                    message: string;
                }[];
            };
            /** @description how the delivery of the outcome stands, for a job that was sent with a webhook */
            webhook?: {
                /** @enum {string} */
                status: "pending" | "delivered" | "failed";
                attempts: number;
            };
        };
        ListVerificationsAnswer: {
            /** @description newest first */
            verifications: {
                id: string;
                requestId: string;
                /** @description null once the user is erased */
                user: string | null;
                task: string;
                /** @enum {string} */
                status: "approved" | "rejected";
                reasons: string[];
                similarity: number | null;
                liveness_score: number | null;
                /** @description sha256 of the proof; null once the user is erased */
                photo: string | null;
                /** @description address of the kept proof, for a key that may fetch it (scope admin) */
                photo_url?: string;
                models: string[];
                /** @description where the judged face and what counted were on the photo; for callers who see scores, until the user is erased */
                evidence?: {
                    photo: {
                        width: number;
                        height: number;
                        turned: number;
                    };
                    /** @description the judged face */
                    face: {
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: number[];
                        outcome: string;
                        similarity: number | null;
                    } | null;
                    /** @description those that counted */
                    detections: {
                        label: string;
                        score: number;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: number[];
                    }[];
                    scene?: {
                        name: string;
                        score: number;
                        threshold: number;
                    };
                };
                /** @description name of the API key */
                key: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                timestamp: string;
                /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
                review?: {
                    id: string;
                    /**
                     * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                     * @enum {string}
                     */
                    state: "open" | "approved" | "rejected" | "expired";
                };
            }[];
            /** @description cursor of the next page, null at the end */
            next: string | null;
        };
        GetVerificationAnswer: {
            id: string;
            requestId: string;
            /** @description null once the user is erased */
            user: string | null;
            task: string;
            /** @enum {string} */
            status: "approved" | "rejected";
            reasons: string[];
            similarity: number | null;
            liveness_score: number | null;
            /** @description sha256 of the proof; null once the user is erased */
            photo: string | null;
            /** @description address of the kept proof, for a key that may fetch it (scope admin) */
            photo_url?: string;
            models: string[];
            /** @description where the judged face and what counted were on the photo; for callers who see scores, until the user is erased */
            evidence?: {
                photo: {
                    width: number;
                    height: number;
                    turned: number;
                };
                /** @description the judged face */
                face: {
                    /** @description x1, y1, x2, y2 in pixels of the upright photo */
                    box: number[];
                    outcome: string;
                    similarity: number | null;
                } | null;
                /** @description those that counted */
                detections: {
                    label: string;
                    score: number;
                    /** @description x1, y1, x2, y2 in pixels of the upright photo */
                    box: number[];
                }[];
                scene?: {
                    name: string;
                    score: number;
                    threshold: number;
                };
            };
            /** @description name of the API key */
            key: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            timestamp: string;
            /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
            review?: {
                id: string;
                /**
                 * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                 * @enum {string}
                 */
                state: "open" | "approved" | "rejected" | "expired";
            };
        };
        ListReviewsAnswer: {
            /** @description oldest first */
            reviews: {
                id: string;
                /**
                 * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                 * @enum {string}
                 */
                state: "open" | "approved" | "rejected" | "expired";
                /** @enum {string} */
                reason: "liveness_uncertain" | "recycled_photo" | "demonstration" | "possible_duplicate" | "appeal";
                user: string;
                /** @description null for a signup */
                verification: string | null;
                task: string | null;
                /** @description name of the API key that sent the photo */
                key: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                expiresAt: string;
                decidedAt: string | null;
                /** @description an approval may need two, see `REVIEW_APPROVALS` */
                decisions: {
                    /** @enum {string} */
                    decision: "approve" | "reject";
                    note: string | null;
                    /** @description name of the reviewer's API key */
                    key: string | null;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    at: string;
                }[];
            }[];
            /** @description cursor of the next page, null at the end */
            next: string | null;
        };
        GetReviewAnswer: {
            id: string;
            /**
             * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
             * @enum {string}
             */
            state: "open" | "approved" | "rejected" | "expired";
            /** @enum {string} */
            reason: "liveness_uncertain" | "recycled_photo" | "demonstration" | "possible_duplicate" | "appeal";
            user: string;
            /** @description null for a signup */
            verification: string | null;
            task: string | null;
            /** @description name of the API key that sent the photo */
            key: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            expiresAt: string;
            decidedAt: string | null;
            /** @description an approval may need two, see `REVIEW_APPROVALS` */
            decisions: {
                /** @enum {string} */
                decision: "approve" | "reject";
                note: string | null;
                /** @description name of the reviewer's API key */
                key: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
            }[];
            /** @description what the machine said of the photo; it stays whatever a person decides */
            machine: {
                status?: string;
                reasons?: string[];
                similarity?: number | null;
                liveness_score?: number | null;
                checks?: {
                    face: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box?: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @description every face of the photo, largest first */
                        faces: {
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description confidence of the detector */
                            score: number;
                            /** @description probability that the face can be recognised, 0..1; null for a face beyond `MAX_FACES` and for an embedder that was never calibrated */
                            quality: number | null;
                            /** @description null for a face that cannot be recognised */
                            similarity: number | null;
                            /** @description true for the face that the verdict is about */
                            subject: boolean;
                        }[];
                    };
                    liveness: {
                        /**
                         * @description `uncertain`: the photo alone does not decide, so that the proof is not approved by itself
                         * @enum {string}
                         */
                        outcome: "passed" | "failed" | "uncertain" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description scores from `low` on and below `high` are uncertain; absent: `threshold` decides them all */
                        uncertain?: {
                            low: number;
                            high: number;
                        };
                        models: {
                            id: string;
                            score: number;
                        }[];
                    };
                    task: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the rule that proved the task */
                        rule?: string;
                        /** @description for a rule that was taught by example photos */
                        scene?: {
                            name: string;
                            /** @description how much the photo looks like the example photos: the probability that it shows the task, if as many photos show it as do not */
                            score: number;
                            /** @description least score that proves the task */
                            threshold: number;
                        };
                        /** @description true when a rule proved the task that only shows the idea and proves little */
                        demonstration?: boolean;
                        detections: {
                            label: string;
                            score: number;
                            /** @description x1, y1, x2, y2 in pixels of the upright photo */
                            box: [
                                number,
                                number,
                                number,
                                number
                            ];
                            /** @description true when the detection took part in proving the task */
                            matched: boolean;
                        }[];
                    };
                    originality: {
                        /** @enum {string} */
                        outcome: "passed" | "failed" | "skipped";
                        score: number | null;
                        threshold: number | null;
                        /** @description machine code of a failure, or why the check was skipped */
                        reason?: string;
                        /** @description the outcome in words */
                        message: string;
                        /** @description the earlier photo of the same picture */
                        match?: {
                            /**
                             * @description an approved proof, or an enrolment photo
                             * @enum {string}
                             */
                            kind: "proof" | "shot";
                            /** @description true for a photo of the same user */
                            own: boolean;
                            /** @description id of the verification that it proved, for a photo of the same user */
                            verification?: string;
                        };
                    };
                };
                photo?: {
                    width: number;
                    height: number;
                    turned: number;
                };
            };
            /** @description what the user wrote in an appeal */
            statement?: string | null;
            /** @description of a signup: other users with the same face, now */
            possible_duplicates?: number;
            /** @description who they are, the most similar first; with `IDENTIFY=true` for a key with the scope `identify` */
            duplicates?: {
                user: string;
                similarity: number | null;
            }[];
            links: {
                /** @description address of the photo as it was sent, while the review is open */
                photo?: string;
                /** @description address of an SVG of the upright photo's size with faces and detections */
                evidence?: string;
                verification?: string;
            };
        };
        DecideReviewAnswer: {
            id: string;
            /**
             * @description `open`: another reviewer has to approve as well
             * @enum {string}
             */
            state: "open" | "approved" | "rejected" | "expired";
        };
        ListUsersAnswer: {
            users: {
                username: string;
                shots: number;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                updatedAt: string;
            }[];
            total: number;
            /** @description cursor of the next page, null at the end */
            next: string | null;
        };
        GetUserAnswer: {
            username: string;
            shots: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            updatedAt: string;
            /** @description id of the embedder that made the template, or its sha256 when it is not in use */
            model: string;
            /** @description true when the template was made by another model */
            reenrolRequired: boolean;
            shotDates: string[];
            /** @description oldest first */
            shotList: {
                /** @description sha256 of the photo */
                id: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /** @description true for a shot of the first enrolment, which cannot be removed alone */
                anchor: boolean;
                /** @description greatest similarity to another shot of the template, -1..1; null for the only one, and for a caller that may not see scores */
                agreement: number | null;
            }[];
            /** @description other users with the same face; null: none was looked for (`DUPLICATE_PERSON=off`, or a template of another model) */
            possible_duplicates: number | null;
            /** @description their names, with `IDENTIFY=true` and the scope identify */
            duplicates?: string[];
        };
        DeleteUserAnswer: {
            /** @constant */
            status: "deleted";
            user: string;
            erased: {
                shots: number;
                /** @description records whose personal fields were blanked */
                verifications: number;
                /** @description audit rows whose personal fields were blanked */
                audit: number;
                photos: number;
                /** @description waiting and ended jobs, with their photos and outcomes */
                jobs: number;
                /** @description answers kept for requests with an Idempotency-Key */
                answers: number;
                challenges: number;
                /** @description with their photos */
                reviews: number;
            };
            /** @description where bytes may still lie in files, although nothing returns them any more; the service removes them and tries again until it is done. Empty: nothing is left */
            pending: ("write_ahead_log" | "free_pages" | "photo_files")[];
        };
        RemoveShotAnswer: {
            /** @constant */
            status: "removed";
            user: string;
            /** @description shots that the template still has */
            shots: number;
        };
        ExportUserAnswer: {
            user: {
                username: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                updatedAt: string;
                contract: {
                    model: string;
                    preprocessing: string;
                    dimension: number;
                };
                consent: string | null;
                shots: {
                    sha256: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    createdAt: string;
                    /** @description true for those of the first enrolment */
                    anchor?: boolean;
                    /** @description empty, as all scores are null, for a caller that may not see scores */
                    embedding: number[];
                }[];
            };
            verifications: {
                id: string;
                requestId: string;
                username: string | null;
                task: string;
                status: string;
                reasons: string[];
                similarity: number | null;
                livenessScore: number | null;
                evidence: {
                    photo: {
                        width: number;
                        height: number;
                        turned: number;
                    };
                    /** @description the judged face */
                    face: {
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: number[];
                        outcome: string;
                        similarity: number | null;
                    } | null;
                    /** @description those that counted */
                    detections: {
                        label: string;
                        score: number;
                        /** @description x1, y1, x2, y2 in pixels of the upright photo */
                        box: number[];
                    }[];
                    scene?: {
                        name: string;
                        score: number;
                        threshold: number;
                    };
                } | null;
                photo: string | null;
                models: string[];
                key: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
            }[];
            photos: {
                name: string;
                kind: string;
                sha256: string;
                verification: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                url: string;
            }[];
            /** @description verifications with `Prefer: respond-async` */
            jobs: {
                id: string;
                task: string;
                status: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                requestId: string;
                key: string | null;
                /** @description sha256 of the photo while it waits */
                photo: string | null;
                /** @description the verdict or the error */
                outcome: {
                    [key: string]: unknown;
                } | null;
                webhook: {
                    status: string;
                    attempts: number;
                } | null;
            }[];
            /** @description answers kept for requests with an Idempotency-Key */
            answers: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                status: number | null;
                body: {
                    [key: string]: unknown;
                } | null;
            }[];
            challenges: {
                id: string;
                requestId: string;
                key: string | null;
                steps: string[];
                status: string;
                reasons: string[];
                checks: {
                    [key: string]: unknown;
                } | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                expiresAt: string;
                judgedAt: string | null;
            }[];
            /** @description what a person looks at, or has decided */
            reviews: {
                id: string;
                requestId: string;
                verification: string | null;
                task: string | null;
                reason: string;
                state: string;
                photo: string | null;
                hasPhoto: boolean;
                key: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                expiresAt: string;
                decidedAt: string | null;
                decisions: {
                    decision: string;
                    note: string | null;
                    key: string | null;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    at: string;
                }[];
                detail: {
                    [key: string]: unknown;
                };
                /** @description address of the photo, while the review is open */
                url?: string;
            }[];
            /** @description attempts on the face that failed and may still count towards the lock */
            failures: string[];
            audit: {
                seq: number;
                at: string;
                event: string;
                requestId: string;
                key: string | null;
                details: {
                    [key: string]: unknown;
                };
                photos: string[];
                consent: string | null;
            }[];
        };
        IdentifyAnswer: {
            /** @description the faces of the photo that can be compared, largest first */
            faces: {
                /** @description x1, y1, x2, y2 in pixels of the upright photo */
                box: [
                    number,
                    number,
                    number,
                    number
                ];
                /** @description the most similar first, at most 10 */
                users: {
                    user: string;
                    /** @description cosine similarity to the template of the user */
                    similarity: number;
                }[];
            }[];
            /** @description least similarity */
            threshold: number;
        };
        GetEvidenceAnswer: {
            width: number;
            height: number;
            /** @description degrees clockwise by which the photo was turned so that its face stands upright */
            turned: number;
            /** @description from the file, as EXIF numbers them; already applied */
            orientation: number;
            /** @description from the file, by the clock of the camera */
            takenAt: string | null;
            /** @description largest first */
            faces: {
                /** @description x1, y1, x2, y2 in pixels of the upright photo */
                box: [
                    number,
                    number,
                    number,
                    number
                ];
                /** @description confidence of the detector */
                score: number;
                /** @description eyes, nose tip, mouth corners as x, y */
                points: number[][];
                quality: {
                    /** @description shorter side of the box, pixels */
                    size: number;
                    /** @description variance of the Laplacian of the aligned crop */
                    sharpness: number;
                    /** @description mean grey level, 0..255 */
                    brightness: number;
                    /** @description degrees, as are pitch and roll */
                    yaw: number;
                    pitch: number;
                    roll: number;
                    /** @description share of the box inside the photo */
                    inside: number;
                    /** @description of the embedding before it was made a unit vector */
                    length: number | null;
                    /** @description probability that the face can be recognised, 0..1 */
                    score: number | null;
                };
                /** @description why enrolment would turn the face down */
                problem: string | null;
                liveness: {
                    score: number;
                    models: {
                        id: string;
                        score: number;
                    }[];
                } | null;
            }[];
            /** @description cosine similarity of each face to each other */
            similarities: (number | null)[][];
            detections: {
                label: string;
                score: number;
                /** @description x1, y1, x2, y2 in pixels of the upright photo */
                box: [
                    number,
                    number,
                    number,
                    number
                ];
            }[];
            /** @description what the tasks that were taught by example photos make of the photo */
            scenes?: {
                rule: string;
                name: string;
                threshold: number;
                /** @description with each face as the subject; one score for the whole photo where there is no face */
                scores: number[];
            }[];
        };
        GetTeachingAnswer: {
            /** @enum {string} */
            state: "collecting" | "teaching" | "taught" | "failed";
            photos: {
                yes: number;
                no: number;
                near: number;
            };
            /** @description what is missing before it can begin */
            missing: string | null;
            task: string | null;
            progress: number;
            problem: string | null;
            result: {
                scene: string;
                /** @description cross-validated by origin, each with its 95 % confidence interval */
                figures: {
                    auc: number;
                    proven: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    false: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    near: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    } | null;
                };
                threshold: number;
                taught: {
                    yes: number;
                    no: number;
                    near: number;
                    refused: number;
                    origins: number;
                };
                /** @description photos on the wrong side of the threshold, the worst first */
                worst: {
                    id: number;
                    name: string;
                    /**
                     * @description what the photos show: the task, something else, or nearly the task
                     * @enum {string}
                     */
                    class: "yes" | "no" | "near";
                    score: number;
                }[];
                refused: {
                    name: string;
                    reason: string;
                }[];
            } | null;
        };
        BeginTeachingAnswer: {
            /** @enum {string} */
            state: "collecting" | "teaching" | "taught" | "failed";
            photos: {
                yes: number;
                no: number;
                near: number;
            };
            /** @description what is missing before it can begin */
            missing: string | null;
            task: string | null;
            progress: number;
            problem: string | null;
            result: {
                scene: string;
                /** @description cross-validated by origin, each with its 95 % confidence interval */
                figures: {
                    auc: number;
                    proven: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    false: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    near: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    } | null;
                };
                threshold: number;
                taught: {
                    yes: number;
                    no: number;
                    near: number;
                    refused: number;
                    origins: number;
                };
                /** @description photos on the wrong side of the threshold, the worst first */
                worst: {
                    id: number;
                    name: string;
                    /**
                     * @description what the photos show: the task, something else, or nearly the task
                     * @enum {string}
                     */
                    class: "yes" | "no" | "near";
                    score: number;
                }[];
                refused: {
                    name: string;
                    reason: string;
                }[];
            } | null;
        };
        DiscardTeachingAnswer: {
            /** @enum {string} */
            state: "collecting" | "teaching" | "taught" | "failed";
            photos: {
                yes: number;
                no: number;
                near: number;
            };
            /** @description what is missing before it can begin */
            missing: string | null;
            task: string | null;
            progress: number;
            problem: string | null;
            result: {
                scene: string;
                /** @description cross-validated by origin, each with its 95 % confidence interval */
                figures: {
                    auc: number;
                    proven: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    false: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    near: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    } | null;
                };
                threshold: number;
                taught: {
                    yes: number;
                    no: number;
                    near: number;
                    refused: number;
                    origins: number;
                };
                /** @description photos on the wrong side of the threshold, the worst first */
                worst: {
                    id: number;
                    name: string;
                    /**
                     * @description what the photos show: the task, something else, or nearly the task
                     * @enum {string}
                     */
                    class: "yes" | "no" | "near";
                    score: number;
                }[];
                refused: {
                    name: string;
                    reason: string;
                }[];
            } | null;
        };
        AddTeachingPhotosAnswer: {
            /** @enum {string} */
            state: "collecting" | "teaching" | "taught" | "failed";
            photos: {
                yes: number;
                no: number;
                near: number;
            };
            /** @description what is missing before it can begin */
            missing: string | null;
            task: string | null;
            progress: number;
            problem: string | null;
            result: {
                scene: string;
                /** @description cross-validated by origin, each with its 95 % confidence interval */
                figures: {
                    auc: number;
                    proven: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    false: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    };
                    near: {
                        rate: number;
                        low: number;
                        high: number;
                        photos: number;
                    } | null;
                };
                threshold: number;
                taught: {
                    yes: number;
                    no: number;
                    near: number;
                    refused: number;
                    origins: number;
                };
                /** @description photos on the wrong side of the threshold, the worst first */
                worst: {
                    id: number;
                    name: string;
                    /**
                     * @description what the photos show: the task, something else, or nearly the task
                     * @enum {string}
                     */
                    class: "yes" | "no" | "near";
                    score: number;
                }[];
                refused: {
                    name: string;
                    reason: string;
                }[];
            } | null;
        };
        KeepTeachingAnswer: {
            task: string;
            scene: string;
            /** @description a rule that the task still needs in the tasks file */
            rule?: string;
            /**
             * @description the service uses the scene from its next start on
             * @constant
             */
            restart: true;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description id of the request, as in the log */
        "x-request-id": string;
        /** @description seconds to wait before the request is sent again */
        "retry-after": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0"
                     *     }
                     */
                    "application/json": components["schemas"]["GetOpenApiAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ok": true,
                     *       "version": "0.1.0",
                     *       "uptime": 3600
                     *     }
                     */
                    "application/json": components["schemas"]["GetHealthAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetReadyAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        models: {
                            id: string;
                            role: string;
                            title: string;
                            sha256: string;
                            licence: string;
                            commercial: boolean;
                            /** @description when the operator accepted the licence's terms, where they need acceptance */
                            accepted?: string;
                        }[];
                        thresholds: {
                            similarity: number;
                            agreement: number;
                            quality: number;
                            /** @description where the photo alone decides */
                            liveness: number | null;
                            /** @description liveness scores that the photo alone does not decide */
                            uncertain: {
                                low: number;
                                high: number;
                            } | null;
                        };
                        /** @description settings that say a threshold, by its name; the others were measured for the models */
                        thresholdSettings: {
                            similarity?: string;
                            quality?: string;
                            liveness?: string;
                            uncertain?: string;
                        };
                        provider: string;
                        /** @description why `EXECUTION_PROVIDER=auto` did not take a faster one */
                        providerReason?: string;
                        /** @description numbers that the object detector computes with, and why */
                        precision?: {
                            /** @enum {string} */
                            type: "fp32" | "int8";
                            reason: string;
                        };
                        store: {
                            kind: string;
                            ok: boolean;
                        };
                        queue: {
                            workers: number;
                            active: number;
                            waiting: number;
                            max: number;
                            failed: number;
                            /** @description uploads that are not complete yet */
                            uploading: number;
                        };
                        tasks: {
                            name: string;
                            available: boolean;
                        }[];
                        /** @description why the service is not ready, in sentences */
                        problems: string[];
                    } | {
                        ready: boolean;
                        /** @description why the service is not ready, in sentences */
                        problems: string[];
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the text format of Prometheus */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "app",
                     *       "scopes": [
                     *         "enrol",
                     *         "verify"
                     *       ],
                     *       "scores": false,
                     *       "offers": {
                     *         "reviews": false,
                     *         "teaching": false
                     *       },
                     *       "privacy": {
                     *         "consentRequired": true,
                     *         "photos": {
                     *           "enrol": false,
                     *           "proofs": true
                     *         },
                     *         "reviews": {
                     *           "openDays": 14,
                     *           "keptDays": 0
                     *         },
                     *         "retentionDays": 90
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["GetMeAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    listTasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tasks": [
                     *         {
                     *           "name": "waste",
                     *           "title": "Waste collection",
                     *           "aliases": [
                     *             "waste-collection",
                     *             "cleanup"
                     *           ],
                     *           "available": true,
                     *           "rules": [
                     *             {
                     *               "id": "waste-scene",
                     *               "active": true,
                     *               "demonstration": false,
                     *               "description": "a person who collects waste, by example photos",
                     *               "scene": {
                     *                 "name": "waste",
                     *                 "taught": "2026-05-04T09:32:40.000Z",
                     *                 "threshold": 0.7,
                     *                 "auc": 0.93,
                     *                 "proven": {
                     *                   "rate": 0.6,
                     *                   "low": 0.44,
                     *                   "high": 0.74,
                     *                   "photos": 40
                     *                 },
                     *                 "false": {
                     *                   "rate": 0.04,
                     *                   "low": 0.03,
                     *                   "high": 0.06,
                     *                   "photos": 600
                     *                 },
                     *                 "near": null,
                     *                 "photos": {
                     *                   "yes": 40,
                     *                   "no": 600,
                     *                   "near": 0,
                     *                   "refused": 2,
                     *                   "origins": 16
                     *                 }
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ListTasksAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    captureHint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    frame: Blob;
                    /**
                     * @description left and right are the person's own: left is the right side of a picture that is not mirrored
                     * @enum {string}
                     */
                    step?: "left" | "right" | "up" | "down" | "centre";
                    /** @description `pitch` of an earlier answer in which the head looked straight; up and down are measured against it */
                    neutral?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hint": "too_dark",
                     *       "yaw": 2.4,
                     *       "pitch": 3.1,
                     *       "box": [
                     *         210,
                     *         110,
                     *         420,
                     *         390
                     *       ],
                     *       "photo": {
                     *         "width": 640,
                     *         "height": 480
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CaptureHintAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /** @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    signup: {
        parameters: {
            query?: never;
            header?: {
                /** @description a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true` */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                    username: string;
                    /** @description 1 to 5 photos (`images` or `images[]`) */
                    images?: Blob[];
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    image?: Blob;
                    /**
                     * @description `add` (default): the photos must show the enrolled person. `replace`: they become the whole template, whatever was stored; needs the scope admin
                     * @enum {string}
                     */
                    mode?: "add" | "replace";
                    /** @description an enrolled user who has the same face, a twin for example; needs the scope admin */
                    twin?: string;
                    /** @description `true`: photos of a first enrolment or a replacement that do not match the others are left out, as long as the others are more; without it all are refused (409) */
                    partial?: boolean;
                    /** @description reference to the consent of the person, for example a form number */
                    consent?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": true,
                     *       "message": "User enrolled. shots=2",
                     *       "user": "anna",
                     *       "shots": 2,
                     *       "accepted": [
                     *         {
                     *           "index": 0,
                     *           "filename": "one.jpg",
                     *           "face": [
                     *             98,
                     *             61,
                     *             292,
                     *             338
                     *           ]
                     *         },
                     *         {
                     *           "index": 1,
                     *           "filename": "two.jpg",
                     *           "face": [
                     *             120,
                     *             74,
                     *             330,
                     *             371
                     *           ]
                     *         }
                     *       ],
                     *       "rejected": [
                     *         {
                     *           "index": 2,
                     *           "filename": "three.jpg",
                     *           "code": "too_blurry",
                     *           "message": "The face is blurred. Hold the camera still and wipe the lens."
                     *         }
                     *       ],
                     *       "possible_duplicates": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SignupAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`identity_conflict`**: The photos show more than one person, or not the person who is enrolled under this name: added photos must match those of the first enrolment. Nothing was changed. Each photo that does not match counts as a failed verification of the user. *Send photos of one person only; `rejected` names those that do not fit. To give the name to somebody else, delete the user first.*
             *
             *     **`username_taken`**: The name is new, but differs from that of another user only in case or width (`Anna`, `anna`), or looks like it in another script (`аnna` with a Cyrillic letter). *Choose another name. To add photos to the other user, send the name as `GET /api/users` shows it.*
             *
             *     **`person_already_enrolled`**: Another user has the same face, and the operator allows one account for one person (`DUPLICATE_PERSON=refuse`). *Use the account that exists. A twin is enrolled with the field `twin`, which names the other user and needs the scope `admin`.*
             *
             *     **`reenrol_required`**: The operator changed the face model; templates of different models cannot be compared. *Enrol again with new photos and `mode=replace` (scope admin), or delete the user first. `GET /api/users/NAME` shows `reenrolRequired`.*
             *
             *     **`idempotency_in_progress`**: A request with the same `Idempotency-Key` is still being worked on. *Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "identity_conflict" | "username_taken" | "person_already_enrolled" | "reenrol_required" | "idempotency_in_progress";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /**
             * @description **`no_usable_face`**: No photo of the signup can be used; nothing was stored. *Take new photos; `rejected` says for each one why it was turned down. The reasons are explained below.*
             *
             *     **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.*
             *
             *     **`idempotency_mismatch`**: The `Idempotency-Key` was used for a request with other fields or photos. *Make a new key for each request, and keep it only for sending the very same request again.*
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "no_usable_face" | "unreadable_image" | "idempotency_mismatch";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: {
                /** @description a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true` */
                "idempotency-key"?: string;
                /** @description `respond-async` (RFC 7240): answer 202 at once with the address of a job */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                    username: string;
                    /** @description name or alias of a task */
                    task: string;
                    /** @description id of a challenge that this user passed; an approved proof uses it up */
                    challenge?: string;
                    /** @description address that the outcome is posted to, signed as in Standard Webhooks; only with `Prefer: respond-async`, and only an origin that the operator listed in `WEBHOOK_ORIGINS` */
                    webhook?: string;
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyAnswer"];
                };
            };
            /** @description The proof is stored and will be judged; ask at the address in the header `location`. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    /** @description address of the job */
                    location?: string;
                    /** @description `respond-async` */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
                     *       "status": "pending"
                     *     }
                     */
                    "application/json": {
                        /** @description also the id of the verification, once it is done */
                        id: string;
                        /** @constant */
                        status: "pending";
                    };
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`webhook_refused`**: The form asks for a webhook that the operator did not allow, or without `Prefer: respond-async`. *Ask the operator to list the origin in `WEBHOOK_ORIGINS` and to set `WEBHOOK_SECRET`, or leave the field `webhook` out and ask at the job's address.*
             *
             *     **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "webhook_refused" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /**
             * @description **`challenge_not_found`**: There is no such challenge of this user or of this API key. Expired ones are removed after a day. *Begin a challenge with `POST /api/challenges` for the same user and with the same key.*
             *
             *     **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.*
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_not_found" | "user_not_found";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`challenge_used`**: The frames of this challenge were sent before, or an approved verification has used it. *Begin another challenge: each is judged once and counts for one approved verification.*
             *
             *     **`challenge_not_passed`**: A verification names a challenge that was not passed. *Send its frames first, or begin another one if it failed.*
             *
             *     **`reenrol_required`**: The operator changed the face model; templates of different models cannot be compared. *Enrol again with new photos and `mode=replace` (scope admin), or delete the user first. `GET /api/users/NAME` shows `reenrolRequired`.*
             *
             *     **`replayed_photo`**: The bytes of the proof are those of an enrolment photo, or, with `REPLAY_CHECK=bytes`, of a proof that was approved for another user. *Take a new photo. Sending a proof again for the same user is no replay: the answer then has `repeat_of`.*
             *
             *     **`idempotency_in_progress`**: A request with the same `Idempotency-Key` is still being worked on. *Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_used" | "challenge_not_passed" | "reenrol_required" | "replayed_photo" | "idempotency_in_progress";
                    };
                };
            };
            /** @description **`challenge_expired`**: The frames came more than 2 minutes after the challenge began, or the verification more than `CHALLENGE_MINUTES` after it was passed. *Begin another challenge.* */
            410: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_expired";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /**
             * @description **`unknown_task`**: The task is neither the name nor an alias of a task in `config/tasks.json`. *Choose one of `tasks` in the answer, or of `GET /api/tasks`.*
             *
             *     **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.*
             *
             *     **`idempotency_mismatch`**: The `Idempotency-Key` was used for a request with other fields or photos. *Make a new key for each request, and keep it only for sending the very same request again.*
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unknown_task" | "unreadable_image" | "idempotency_mismatch";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`task_unavailable`**: The object detector in use cannot name any object that proves the task. *Ask the operator to set `YOLO_MODEL_PATH` to a detector with the labels that the message names. `GET /api/tasks` shows which tasks are available.*
             *
             *     **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "task_unavailable" | "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    beginChallenge: {
        parameters: {
            query?: never;
            header?: {
                /** @description a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true` */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                    username: string;
                };
                "multipart/form-data": {
                    /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                    username: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0d6c1f0e-3b52-4f7e-9d7f-5a0f6f1f1c11",
                     *       "user": "anna",
                     *       "steps": [
                     *         {
                     *           "pose": "right"
                     *         },
                     *         {
                     *           "pose": "centre"
                     *         },
                     *         {
                     *           "pose": "up"
                     *         },
                     *         {
                     *           "pose": "left"
                     *         }
                     *       ],
                     *       "expires": "2026-05-04T09:34:40.000Z"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        user: string;
                        /** @description poses to show, in this order */
                        steps: {
                            /**
                             * @description left and right are the person's own: left is the right side of a picture that is not mirrored
                             * @enum {string}
                             */
                            pose: "left" | "right" | "up" | "down" | "centre";
                        }[];
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        expires: string;
                    };
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "user_not_found";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`reenrol_required`**: The operator changed the face model; templates of different models cannot be compared. *Enrol again with new photos and `mode=replace` (scope admin), or delete the user first. `GET /api/users/NAME` shows `reenrolRequired`.*
             *
             *     **`idempotency_in_progress`**: A request with the same `Idempotency-Key` is still being worked on. *Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "reenrol_required" | "idempotency_in_progress";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /**
             * @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.*
             *
             *     **`idempotency_mismatch`**: The `Idempotency-Key` was used for a request with other fields or photos. *Make a new key for each request, and keep it only for sending the very same request again.*
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image" | "idempotency_mismatch";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /** @description **`challenges_unavailable`**: The active face detector finds five points of a face; a challenge needs 68. *Use a pack with a landmark model, such as `starter`, or go on without challenges (`LIVENESS_MODE=passive`).* */
            501: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenges_unavailable";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    submitFrames: {
        parameters: {
            query?: never;
            header?: {
                /** @description a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true` */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description 4 to 20 photos of one size, in order of time */
                    frames: Blob[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0d6c1f0e-3b52-4f7e-9d7f-5a0f6f1f1c11",
                     *       "user": "anna",
                     *       "status": "passed",
                     *       "reasons": [],
                     *       "checks": {
                     *         "poses": {
                     *           "outcome": "passed",
                     *           "score": 4,
                     *           "threshold": 4,
                     *           "message": "All 4 poses were shown in the order asked."
                     *         },
                     *         "identity": {
                     *           "outcome": "passed",
                     *           "score": 0.58,
                     *           "threshold": 0.41,
                     *           "message": "All frames show the claimed user."
                     *         },
                     *         "parallax": {
                     *           "outcome": "passed",
                     *           "score": 0.34,
                     *           "threshold": 0.22,
                     *           "message": "Nose, eyes and outline move against each other as those of a head do."
                     *         },
                     *         "liveness": {
                     *           "outcome": "passed",
                     *           "score": 0.62,
                     *           "threshold": 0.02,
                     *           "message": "The frames look like those of a live person."
                     *         },
                     *         "continuity": {
                     *           "outcome": "passed",
                     *           "score": 0.88,
                     *           "threshold": 0.6,
                     *           "message": "All frames come from one place."
                     *         }
                     *       },
                     *       "expires": "2026-05-04T09:44:40.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["SubmitFramesAnswer"];
                };
            };
            /**
             * @description **`too_few_frames`**: A challenge was sent with fewer frames than it has steps. *Send 4 to 20 photos as `frames`, in order of time, with at least one for each step.*
             *
             *     **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "too_few_frames" | "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /**
             * @description **`challenge_not_found`**: There is no such challenge of this user or of this API key. Expired ones are removed after a day. *Begin a challenge with `POST /api/challenges` for the same user and with the same key.*
             *
             *     **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.*
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_not_found" | "user_not_found";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`challenge_used`**: The frames of this challenge were sent before, or an approved verification has used it. *Begin another challenge: each is judged once and counts for one approved verification.*
             *
             *     **`reenrol_required`**: The operator changed the face model; templates of different models cannot be compared. *Enrol again with new photos and `mode=replace` (scope admin), or delete the user first. `GET /api/users/NAME` shows `reenrolRequired`.*
             *
             *     **`idempotency_in_progress`**: A request with the same `Idempotency-Key` is still being worked on. *Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_used" | "reenrol_required" | "idempotency_in_progress";
                    };
                };
            };
            /** @description **`challenge_expired`**: The frames came more than 2 minutes after the challenge began, or the verification more than `CHALLENGE_MINUTES` after it was passed. *Begin another challenge.* */
            410: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_expired";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /**
             * @description **`frame_sizes_differ`**: The frames of a challenge have different sizes, so that they are not those of one camera. *Send the pictures of one camera as they are, without cropping or scaling some of them.*
             *
             *     **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.*
             *
             *     **`idempotency_mismatch`**: The `Idempotency-Key` was used for a request with other fields or photos. *Make a new key for each request, and keep it only for sending the very same request again.*
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "frame_sizes_differ" | "unreadable_image" | "idempotency_mismatch";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /** @description **`challenges_unavailable`**: The active face detector finds five points of a face; a challenge needs 68. *Use a pack with a landmark model, such as `starter`, or go on without challenges (`LIVENESS_MODE=passive`).* */
            501: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenges_unavailable";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    currentPose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    frame: Blob;
                    /**
                     * @description left and right are the person's own: left is the right side of a picture that is not mirrored
                     * @enum {string}
                     */
                    step?: "left" | "right" | "up" | "down" | "centre";
                    /** @description `pitch` of an earlier answer in which the head looked straight; up and down are measured against it */
                    neutral?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pose": "left",
                     *       "hint": "hold",
                     *       "yaw": 22.4,
                     *       "pitch": 3.1,
                     *       "box": [
                     *         210,
                     *         110,
                     *         420,
                     *         390
                     *       ],
                     *       "photo": {
                     *         "width": 640,
                     *         "height": 480
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CurrentPoseAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`challenge_not_found`**: There is no such challenge of this user or of this API key. Expired ones are removed after a day. *Begin a challenge with `POST /api/challenges` for the same user and with the same key.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_not_found";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /** @description **`challenge_used`**: The frames of this challenge were sent before, or an approved verification has used it. *Begin another challenge: each is judged once and counts for one approved verification.* */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_used";
                    };
                };
            };
            /** @description **`challenge_expired`**: The frames came more than 2 minutes after the challenge began, or the verification more than `CHALLENGE_MINUTES` after it was passed. *Begin another challenge.* */
            410: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_expired";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /** @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /** @description **`challenges_unavailable`**: The active face detector finds five points of a face; a challenge needs 68. *Use a pack with a landmark model, such as `starter`, or go on without challenges (`LIVENESS_MODE=passive`).* */
            501: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenges_unavailable";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    getChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0d6c1f0e-3b52-4f7e-9d7f-5a0f6f1f1c11",
                     *       "user": "anna",
                     *       "steps": [
                     *         {
                     *           "pose": "right"
                     *         },
                     *         {
                     *           "pose": "centre"
                     *         },
                     *         {
                     *           "pose": "up"
                     *         },
                     *         {
                     *           "pose": "left"
                     *         }
                     *       ],
                     *       "expires": "2026-05-04T09:34:40.000Z",
                     *       "status": "pending"
                     *     }
                     */
                    "application/json": components["schemas"]["GetChallengeAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`challenge_not_found`**: There is no such challenge of this user or of this API key. Expired ones are removed after a day. *Begin a challenge with `POST /api/challenges` for the same user and with the same key.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "challenge_not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
                     *       "status": "running"
                     *     }
                     */
                    "application/json": components["schemas"]["GetJobAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    listVerifications: {
        parameters: {
            query?: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                user?: string;
                /** @description name of the task */
                task?: string;
                status?: "approved" | "rejected";
                /** @description first moment, included */
                from?: string;
                /** @description last moment, not included */
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verifications": [
                     *         {
                     *           "id": "0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11",
                     *           "requestId": "f4a1c7de-1f0f-4c57-8f5e-2a3d9f0f5f10",
                     *           "user": "anna",
                     *           "task": "waste",
                     *           "status": "approved",
                     *           "reasons": [],
                     *           "similarity": 0.71,
                     *           "liveness_score": 0.98,
                     *           "photo": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                     *           "models": [
                     *             "fr_detect",
                     *             "fr_landmark",
                     *             "fr_feature",
                     *             "fr_liveness",
                     *             "yolov8n"
                     *           ],
                     *           "key": "app",
                     *           "timestamp": "2026-05-04T10:02:41.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ListVerificationsAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getVerification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0b7f0a52-5c0e-4f0a-9b43-0d0c7a3f7a11",
                     *       "requestId": "f4a1c7de-1f0f-4c57-8f5e-2a3d9f0f5f10",
                     *       "user": "anna",
                     *       "task": "waste",
                     *       "status": "approved",
                     *       "reasons": [],
                     *       "similarity": 0.71,
                     *       "liveness_score": 0.98,
                     *       "photo": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                     *       "models": [
                     *         "fr_detect",
                     *         "fr_landmark",
                     *         "fr_feature",
                     *         "fr_liveness",
                     *         "yolov8n"
                     *       ],
                     *       "key": "app",
                     *       "timestamp": "2026-05-04T10:02:41.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["GetVerificationAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: {
                /** @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays */
                state?: "open" | "approved" | "rejected" | "expired";
                reason?: "liveness_uncertain" | "recycled_photo" | "demonstration" | "possible_duplicate" | "appeal";
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                user?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reviews": [
                     *         {
                     *           "id": "5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10",
                     *           "state": "open",
                     *           "reason": "liveness_uncertain",
                     *           "user": "anna",
                     *           "verification": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
                     *           "task": "waste",
                     *           "key": "app",
                     *           "createdAt": "2026-05-04T09:32:40.000Z",
                     *           "expiresAt": "2026-05-18T09:32:40.000Z",
                     *           "decidedAt": null,
                     *           "decisions": []
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ListReviewsAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10",
                     *       "state": "open",
                     *       "reason": "liveness_uncertain",
                     *       "user": "anna",
                     *       "verification": "7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11",
                     *       "task": "waste",
                     *       "key": "app",
                     *       "createdAt": "2026-05-04T09:32:40.000Z",
                     *       "expiresAt": "2026-05-18T09:32:40.000Z",
                     *       "decidedAt": null,
                     *       "decisions": [],
                     *       "machine": {
                     *         "status": "rejected",
                     *         "reasons": [
                     *           "liveness_uncertain"
                     *         ],
                     *         "similarity": 0.72,
                     *         "liveness_score": 0.4
                     *       },
                     *       "links": {
                     *         "photo": "/api/reviews/5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10/photo",
                     *         "verification": "/api/verifications/7f0c2c3e-58a5-4d65-9a50-3f4f3f0b6a11"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["GetReviewAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    decideReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    decision: "approve" | "reject";
                    /** @description why; part of what is stored about the user */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10",
                     *       "state": "approved"
                     *     }
                     */
                    "application/json": components["schemas"]["DecideReviewAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /**
             * @description **`review_decided`**: Another reviewer decided first, or the review was open for longer than `REVIEW_DAYS`. *Load the review again; `decisions` shows who decided what. A decision is final.*
             *
             *     **`second_reviewer_required`**: With `REVIEW_APPROVALS=2` the same key approved a review twice. *Let a reviewer with another key approve.*
             *
             *     **`replayed_photo`**: The bytes of the proof are those of an enrolment photo, or, with `REPLAY_CHECK=bytes`, of a proof that was approved for another user. *Take a new photo. Sending a proof again for the same user is no replay: the answer then has `repeat_of`.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "review_decided" | "second_reviewer_required" | "replayed_photo";
                    };
                };
            };
            /** @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.* */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large";
                    };
                };
            };
            /** @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.* */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getReviewPhoto: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the bytes of the photo */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob;
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getReviewEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description an SVG */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    appeal: {
        parameters: {
            query?: never;
            header?: {
                /** @description a random text that names this request: sent again with the same key, it is not done again but answered alike, with the header `idempotency-replayed: true` */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description why the rejection is wrong, in the user's words */
                    statement?: string;
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    file?: Blob;
                };
                "multipart/form-data": {
                    /** @description why the rejection is wrong, in the user's words */
                    statement?: string;
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    file?: Blob;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "review": {
                     *         "id": "5b0c51b3-4a0f-4a35-8c5b-4a1f2d7c9e10",
                     *         "state": "open"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description a person looks at it, or has; only with `REVIEW=uncertain`. What that person decides is the final status */
                        review: {
                            id: string;
                            /**
                             * @description `expired`: closed without a decision, after `REVIEW_DAYS` or because the user proved the task a little later; the verdict of the machine stays
                             * @enum {string}
                             */
                            state: "open" | "approved" | "rejected" | "expired";
                        };
                    };
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`not_appealable`**: The verification is approved, was appealed before, is being looked at, or the operator set `REVIEW=off`. *Wait for the decision: `GET /api/verifications/:id` shows it as `review`. Or take a new photo.*
             *
             *     **`idempotency_in_progress`**: A request with the same `Idempotency-Key` is still being worked on. *Send it again after the seconds in `retry-after`, with the same key: the answer is that of the first.*
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_appealable" | "idempotency_in_progress";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /**
             * @description **`photo_differs`**: An appeal was sent with another photo than the one that was rejected. *Send exactly the bytes of the rejected photo, or leave out the field `file`.*
             *
             *     **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.*
             *
             *     **`idempotency_mismatch`**: The `Idempotency-Key` was used for a request with other fields or photos. *Make a new key for each request, and keep it only for sending the very same request again.*
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "photo_differs" | "unreadable_image" | "idempotency_mismatch";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "users": [
                     *         {
                     *           "username": "anna",
                     *           "shots": 3,
                     *           "createdAt": "2026-05-04T09:30:00.000Z",
                     *           "updatedAt": "2026-05-04T09:31:12.000Z"
                     *         }
                     *       ],
                     *       "total": 1,
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ListUsersAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "username": "anna",
                     *       "shots": 2,
                     *       "createdAt": "2026-05-04T09:30:00.000Z",
                     *       "updatedAt": "2026-05-04T09:31:12.000Z",
                     *       "model": "fr_feature",
                     *       "reenrolRequired": false,
                     *       "shotDates": [
                     *         "2026-05-04T09:30:00.000Z",
                     *         "2026-05-04T09:31:12.000Z"
                     *       ],
                     *       "shotList": [
                     *         {
                     *           "id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                     *           "createdAt": "2026-05-04T09:30:00.000Z",
                     *           "anchor": true,
                     *           "agreement": 0.72
                     *         },
                     *         {
                     *           "id": "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
                     *           "createdAt": "2026-05-04T09:31:12.000Z",
                     *           "anchor": false,
                     *           "agreement": 0.72
                     *         }
                     *       ],
                     *       "possible_duplicates": 0
                     *     }
                     */
                    "application/json": components["schemas"]["GetUserAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "user_not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "deleted",
                     *       "user": "anna",
                     *       "erased": {
                     *         "shots": 3,
                     *         "verifications": 12,
                     *         "audit": 15,
                     *         "photos": 0,
                     *         "jobs": 1,
                     *         "answers": 2,
                     *         "challenges": 1,
                     *         "reviews": 0
                     *       },
                     *       "pending": []
                     *     }
                     */
                    "application/json": components["schemas"]["DeleteUserAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "user_not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    removeShot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                username: string;
                /** @description sha256 of the photo */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "removed",
                     *       "user": "anna",
                     *       "shots": 2
                     *     }
                     */
                    "application/json": components["schemas"]["RemoveShotAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /**
             * @description **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.*
             *
             *     **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.*
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "user_not_found" | "not_found";
                    };
                };
            };
            /** @description **`anchor_shot`**: A shot of the first enrolment was to be removed. These shots say whose template it is, and added ones must match them. *Remove another shot, replace the whole template with `mode=replace` (scope `admin`), or delete the user.* */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "anchor_shot";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    exportUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "username": "anna",
                     *         "createdAt": "2026-05-04T09:30:00.000Z",
                     *         "updatedAt": "2026-05-04T09:30:00.000Z",
                     *         "contract": {
                     *           "model": "8888888888888888888888888888888888888888888888888888888888888888",
                     *           "preprocessing": "arcface-112/bgr/127/128/1",
                     *           "dimension": 4
                     *         },
                     *         "consent": "form 17",
                     *         "shots": [
                     *           {
                     *             "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                     *             "createdAt": "2026-05-04T09:30:00.000Z",
                     *             "embedding": [
                     *               0.5,
                     *               -0.5,
                     *               0.5,
                     *               0.5
                     *             ]
                     *           }
                     *         ]
                     *       },
                     *       "verifications": [],
                     *       "photos": [],
                     *       "jobs": [],
                     *       "answers": [],
                     *       "challenges": [],
                     *       "reviews": [],
                     *       "failures": [],
                     *       "audit": [
                     *         {
                     *           "seq": 1,
                     *           "at": "2026-05-04T09:30:00.000Z",
                     *           "event": "signup",
                     *           "requestId": "f4a1c7de-1f0f-4c57-8f5e-2a3d9f0f5f10",
                     *           "key": "app",
                     *           "details": {
                     *             "mode": "add",
                     *             "shots": 1,
                     *             "rejected": [],
                     *             "models": [
                     *               "fr_feature"
                     *             ]
                     *           },
                     *           "photos": [
                     *             "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                     *           ],
                     *           "consent": "form 17"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ExportUserAnswer"];
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`user_not_found`**: Nobody is enrolled under this username. Letters differ by case. *Enrol the user with `POST /api/signup`, or correct the name; `GET /api/users` lists the names.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "user_not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    getPhoto: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 1 to 64 letters and digits of any script and " ._@+-"; trimmed and Unicode-normalised (NFC) */
                username: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the bytes of the photo */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob;
                };
            };
            /**
             * @description **`invalid_username`**: The username is empty, longer than 64 characters, or has a character that is not accepted; the message names it. *Use letters and digits of any script, spaces and `. _ @ + - | : '`, with at least one letter or digit; what cannot be seen only inside words whose script needs it (ZWJ, ZWNJ).*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_username" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt";
                    };
                };
            };
        };
    };
    identify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "faces": [
                     *         {
                     *           "box": [
                     *             98,
                     *             61,
                     *             292,
                     *             338
                     *           ],
                     *           "users": [
                     *             {
                     *               "user": "anna",
                     *               "similarity": 0.7342
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "threshold": 0.5
                     *     }
                     */
                    "application/json": components["schemas"]["IdentifyAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /** @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`store_unavailable`**: The database cannot be reached, is busy or is full. Nothing was stored. *Send the request again later. Operators: `npm run doctor` and the log say what is wrong with the store.*
             *
             *     **`store_sealed`**: What is stored is encrypted under a template key that this instance was not given. The user may well be enrolled; without the key nobody knows. *Sending the request again does not help: tell the operator. Operators: name the key in `TEMPLATE_KEY` or `TEMPLATE_KEYS_OLD`; `npm run doctor` names its id.*
             *
             *     **`store_corrupt`**: What is stored was changed by something other than the service, or the disk is failing. *Sending the request again does not help: tell the operator. Operators: the log says what is damaged; restore a backup, or delete and enrol the user again.*
             *
             *     **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "store_unavailable" | "store_sealed" | "store_corrupt" | "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    getEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG or WebP
                     */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetEvidenceAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /** @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`client_gone`**: The client closed the connection before the answer was ready. Nobody receives this code; it is in the log. *Let the client wait longer than `REQUEST_TIMEOUT`.* */
            499: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "client_gone";
                    };
                };
            };
            /**
             * @description **`inference_failed`**: A worker failed while it analysed the photo. The pool replaces it. *Send the request again. If it happens again with the same photo, report the request id.*
             *
             *     **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.*
             */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "inference_failed" | "internal_error";
                    };
                };
            };
            /**
             * @description **`overloaded`**: All slots of the queue (`QUEUE_MAX`) are taken, or the share of this API key is; without keys, of this address. *Wait as many seconds as the header `retry-after` says, then send the request again. Operators: add `WORKER_THREADS` or instances.*
             *
             *     **`shutting_down`**: This instance is being stopped or replaced. *Send the request again after the seconds in `retry-after`; another instance answers.*
             *
             *     **`timed_out`**: The request was not finished within `REQUEST_TIMEOUT`. Nothing was stored. *Send it again after the seconds in `retry-after`. If it happens often, add `WORKER_THREADS` or instances, or lower `QUEUE_MAX`.*
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "overloaded" | "shutting_down" | "timed_out";
                    };
                };
            };
        };
    };
    getTeaching: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "collecting",
                     *       "photos": {
                     *         "yes": 12,
                     *         "no": 30,
                     *         "near": 0
                     *       },
                     *       "missing": null,
                     *       "task": null,
                     *       "progress": 0,
                     *       "problem": null,
                     *       "result": null
                     *     }
                     */
                    "application/json": components["schemas"]["GetTeachingAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    beginTeaching: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description name of the task */
                    task: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "collecting",
                     *       "photos": {
                     *         "yes": 12,
                     *         "no": 30,
                     *         "near": 0
                     *       },
                     *       "missing": null,
                     *       "task": null,
                     *       "progress": 0,
                     *       "problem": null,
                     *       "result": null
                     *     }
                     */
                    "application/json": components["schemas"]["BeginTeachingAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`teaching_conflict`**: A service does one teaching at a time, and the current one is not where this call expects it. *Ask `GET /api/teaching`; keep or discard what was taught before photos are added or another one begins.* */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "teaching_conflict";
                    };
                };
            };
            /** @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.* */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large";
                    };
                };
            };
            /** @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.* */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type";
                    };
                };
            };
            /** @description **`unknown_task`**: The task is neither the name nor an alias of a task in `config/tasks.json`. *Choose one of `tasks` in the answer, or of `GET /api/tasks`.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unknown_task";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    discardTeaching: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "collecting",
                     *       "photos": {
                     *         "yes": 12,
                     *         "no": 30,
                     *         "near": 0
                     *       },
                     *       "missing": null,
                     *       "task": null,
                     *       "progress": 0,
                     *       "problem": null,
                     *       "result": null
                     *     }
                     */
                    "application/json": components["schemas"]["DiscardTeachingAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    addTeachingPhotos: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * @description what the photos show: the task, something else, or nearly the task
                     * @enum {string}
                     */
                    class: "yes" | "no" | "near";
                    /** @description camera or occasion of all these photos; left out, each is one by itself */
                    origin?: string;
                    photos: Blob[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "collecting",
                     *       "photos": {
                     *         "yes": 12,
                     *         "no": 30,
                     *         "near": 0
                     *       },
                     *       "missing": null,
                     *       "task": null,
                     *       "progress": 0,
                     *       "problem": null,
                     *       "result": null
                     *     }
                     */
                    "application/json": components["schemas"]["AddTeachingPhotosAnswer"];
                };
            };
            /**
             * @description **`missing_field`**: A required field was not sent. *Send the field that `field` or the message names. In a form, check its spelling and that a photo is sent as a file.*
             *
             *     **`repeated_field`**: A field that takes one value was sent more than once. *Send it once. Several photos go into `images` of a signup.*
             *
             *     **`unexpected_field`**: The form has a field that the call does not know. *Remove the field, or correct its name; the message lists the known ones.*
             *
             *     **`too_many_photos`**: A signup carries more than five photos. *Send at most five photos; the five newest of a user are kept.*
             *
             *     **`malformed_upload`**: The multipart body cannot be read: it is cut off, its boundary is wrong, or it has too many parts. *Let the HTTP library write the `content-type` header with its boundary, and check that the whole body is sent.*
             *
             *     **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.*
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "missing_field" | "repeated_field" | "unexpected_field" | "too_many_photos" | "malformed_upload" | "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`upload_too_slow`**: The request did not arrive whole within `UPLOAD_TIMEOUT`. *Send smaller photos, or use a faster connection.* */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "upload_too_slow";
                    };
                };
            };
            /** @description **`teaching_conflict`**: A service does one teaching at a time, and the current one is not where this call expects it. *Ask `GET /api/teaching`; keep or discard what was taught before photos are added or another one begins.* */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "teaching_conflict";
                    };
                };
            };
            /**
             * @description **`body_too_large`**: The form is larger than `MAX_CONTENT_LENGTH_MB`, or a JSON body larger than its call takes. *Send fewer or smaller photos; 1600 pixels on the longer side are plenty.*
             *
             *     **`photo_too_large`**: One photo is larger than `MAX_PHOTO_MB`. *Scale it down or compress it more.*
             *
             *     **`too_many_pixels`**: The photo has more pixels than `MAX_PHOTO_MEGAPIXELS`; it was refused before decoding. *Scale it down.*
             */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "body_too_large" | "photo_too_large" | "too_many_pixels";
                    };
                };
            };
            /**
             * @description **`unsupported_media_type`**: The body is not `multipart/form-data`, or not JSON where a call takes that, or it is compressed. *Send a form: `curl -F`, `FormData` in JavaScript. Photos in base64 or JSON are not accepted.*
             *
             *     **`unsupported_image_type`**: The file is not a JPEG, PNG or WebP. Its content decides, not its name. *Convert the photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; the page at `/` converts by itself.*
             */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unsupported_media_type" | "unsupported_image_type";
                    };
                };
            };
            /** @description **`unreadable_image`**: The file is empty, cut off or damaged. *Send it again; if it fails again, open it on your side and save it anew.* */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unreadable_image";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    getTeachingPhoto: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the bytes of the photo */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob;
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`not_found`**: There is nothing at this address, or not for this HTTP method. *Compare method and path with `/docs` or `/api/openapi.json`. Debug routes exist only with `DEBUG_ROUTES=true`.* */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "not_found";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
    keepTeaching: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "task": "planting",
                     *       "scene": "planting",
                     *       "restart": true
                     *     }
                     */
                    "application/json": components["schemas"]["KeepTeachingAnswer"];
                };
            };
            /** @description **`invalid_request`**: A field of the form, the query or the path has a value that does not fit. *Correct the field that `field` or the message names.* */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "invalid_request";
                    };
                };
            };
            /** @description **`unauthorized`**: The service demands an API key, and none or an unknown one was sent. *Send the key as `Authorization: Bearer KEY` or `x-api-key: KEY`. Operators make keys with `npm run keys`.* */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "unauthorized";
                    };
                };
            };
            /** @description **`forbidden`**: The API key does not have the scope that the call needs; or the service has no keys and answers this machine only. *Ask the operator for a key with the scope that `scope` names. Without keys, call from the same machine, and not through a proxy.* */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "forbidden";
                    };
                };
            };
            /** @description **`teaching_conflict`**: A service does one teaching at a time, and the current one is not where this call expects it. *Ask `GET /api/teaching`; keep or discard what was taught before photos are added or another one begins.* */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "teaching_conflict";
                    };
                };
            };
            /** @description **`rate_limited`**: The key sent more than `RATE_LIMIT` requests from one address within a minute, or `FAILED_VERIFICATIONS_MAX` attempts on the face of this user, verifications and photos to add, failed within `FAILED_VERIFICATIONS_MINUTES`. *Wait for the seconds in `retry-after`, then send the request again.* */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "rate_limited";
                    };
                };
            };
            /** @description **`internal_error`**: A fault of the service. The log has the details under the request id. *Report `requestId` to the operator.* */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"] & {
                        /** @enum {unknown} */
                        error?: "internal_error";
                    };
                };
            };
        };
    };
}
