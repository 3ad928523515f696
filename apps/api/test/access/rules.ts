import { table } from './table.js';

/**
 * THE AUTHORISATION TABLE, written by hand from the reference and on purpose not derived from the contract: what the
 * contract says of access is what is being tested.
 *
 * people    what a user key needs: `READ_ONLY`, `READ_WRITE`, `ADMIN` in the request's project, `any user`, `server
 *           admin`; `a session`: no key does; `nobody`: people can't do this; `everyone`: no key is looked at; `ticket`: the ticket is the right
 * devices   `no`: never; `any`: wherever it belongs; `of the project`: any device of the request's project; `itself`: one that
 *           asks about itself; `drawn`: one that was drawn for the job, and others do not learn whether there is such a job;
 *           `taking part`: the same for what only devices do, where a job that is not there is said to be so
 * object    what the request is about, inside its project
 * answer    what who is let in gets while the object exists: `ok` is any 2xx
 *
 * A key's object is the caller's own key; "in another project" is then a key of somebody else. So it is with a session.
 */
export const rules = table(`
| route                                                   | people       | devices        | object     | answer                        |
| ------------------------------------------------------- | ------------ | -------------- | ---------- | ----------------------------- |
| GET /v1/auth/whoami                                     | any user     | any            | nothing    | ok                            |
| POST /v1/auth/create                                    | any user     | no             | nothing    | ok                            |
| POST /v1/auth/create_key                                | any user     | no             | nothing    | ok                            |
| GET /v1/auth/list                                       | any user     | no             | nothing    | ok                            |
| POST /v1/auth/revoke                                    | any user     | no             | key        | ok                            |
| POST /v1/auth/create_session                            | any user     | no             | nothing    | ok                            |
| POST /v1/auth/delete_session                            | a session    | no             | nothing    | ok                            |
| GET /v1/auth/sessions                                   | any user     | no             | nothing    | ok                            |
| POST /v1/auth/revoke_session                            | any user     | no             | session    | ok                            |
| POST /v1/auth/create_sign_in_code                       | any user     | no             | nothing    | ok                            |
| POST /v1/user/create                                    | server admin | no             | nothing    | ok                            |
| GET /v1/user/list                                       | server admin | no             | nothing    | ok                            |
| GET /v1/user/audit                                      | server admin | no             | nothing    | ok                            |
| POST /v1/user/disable                                   | server admin | no             | user       | ok                            |
| POST /v1/user/enable                                    | server admin | no             | user       | ok                            |
| POST /v1/user/reset_key                                 | server admin | no             | user       | ok                            |
| POST /v1/project/create                                 | any user     | no             | nothing    | ok                            |
| POST /v1/project/update                                 | ADMIN        | no             | project    | ok                            |
| GET /v1/project/list                                    | any user     | no             | nothing    | ok                            |
| GET /v1/project/get/:project_id                         | READ_ONLY    | no             | project    | ok                            |
| GET /v1/project/overview/:project_id                    | READ_ONLY    | no             | project    | ok                            |
| GET /v1/project/compare/:project_id                     | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/project/changes/:project_id                     | READ_ONLY    | no             | project    | not_acceptable                |
| GET /v1/project/active_jobs/:project_id                 | READ_ONLY    | of the project | project    | ok                            |
| GET /v1/project/storage/:project_id                     | READ_ONLY    | no             | project    | ok                            |
| POST /v1/project/limit_storage                          | server admin | no             | project    | ok                            |
| GET /v1/project/members/:project_id                     | READ_ONLY    | no             | project    | ok                            |
| GET /v1/project/audit/:project_id                       | ADMIN        | no             | project    | ok                            |
| POST /v1/project/add_member                             | ADMIN        | no             | user       | ok                            |
| POST /v1/project/update_member                          | ADMIN        | no             | member     | ok                            |
| POST /v1/project/remove_member                          | ADMIN        | no             | member     | ok                            |
| POST /v1/project/delete                                 | ADMIN        | no             | project    | ok                            |
| POST /v1/experiment/create                              | READ_WRITE   | no             | project    | ok                            |
| GET /v1/experiment/get/:project_id/:experiment_id       | READ_ONLY    | no             | experiment | ok                            |
| POST /v1/experiment/submit_start_model                  | READ_WRITE   | no             | experiment | start_model_already_submitted |
| GET /v1/experiment/list/:project_id                     | READ_ONLY    | no             | project    | ok                            |
| GET /v1/experiment/describe/:project_id/:experiment_id  | READ_ONLY    | no             | experiment | ok                            |
| POST /v1/experiment/update                              | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/experiment/delete                              | ADMIN        | no             | experiment | ok                            |
| POST /v1/experiment/fork                                | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/experiment/rollback                            | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/experiment/pause                               | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/experiment/resume                              | READ_WRITE   | no             | experiment | ok                            |
| GET /v1/experiment/start_model/:project_id/:experiment_id   | READ_ONLY | no            | experiment | ok                            |
| GET /v1/experiment/current_model/:project_id/:experiment_id | READ_ONLY | no            | experiment | ok                            |
| GET /v1/experiment/best_model/:project_id/:experiment_id | READ_ONLY | no            | experiment | best_model_missing            |
| GET /v1/experiment/events/:project_id/:experiment_id    | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/experiment/lineage/:project_id/:experiment_id   | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/experiment/metrics/:project_id/:experiment_id   | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/experiment/model_layout/:project_id/:experiment_id | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/experiment/metric_series/:project_id/:experiment_id | READ_ONLY | no            | experiment | ok                            |
| POST /v1/job/create                                     | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/job/create_series                              | READ_WRITE   | no             | experiment | ok                            |
| POST /v1/sweep/create                                   | READ_WRITE   | no             | experiment | ok                            |
| GET /v1/sweep/describe/:project_id/:sweep_id            | READ_ONLY    | no             | sweep      | ok                            |
| GET /v1/sweep/list/:project_id                          | READ_ONLY    | no             | project    | ok                            |
| POST /v1/sweep/cancel                                   | READ_WRITE   | no             | sweep      | ok                            |
| GET /v1/job/get/:project_id/:job_id                     | READ_ONLY    | no             | job        | ok                            |
| GET /v1/job/list/:project_id/:experiment_id             | READ_ONLY    | no             | experiment | ok                            |
| GET /v1/job/start_model/:project_id/:job_id             | READ_ONLY    | drawn          | job        | ok                            |
| GET /v1/job/aggregate_model/:project_id/:job_id         | READ_ONLY    | no             | job        | job_not_complete              |
| GET /v1/job/describe/:project_id/:job_id                | READ_ONLY    | no             | job        | ok                            |
| GET /v1/job/devices/:project_id/:job_id                 | READ_ONLY    | no             | job        | ok                            |
| POST /v1/job/retry                                      | READ_WRITE   | no             | job        | ok                            |
| POST /v1/job/cancel                                     | READ_WRITE   | no             | job        | ok                            |
| POST /v1/device/create                                  | READ_WRITE   | no             | project    | ok                            |
| POST /v1/device/register                                | READ_WRITE   | no             | project    | ok                            |
| GET /v1/device/list/:project_id                         | READ_ONLY    | no             | project    | ok                            |
| GET /v1/device/get/:project_id/:device_id               | READ_ONLY    | no             | device     | ok                            |
| POST /v1/device/update                                  | READ_WRITE   | no             | device     | ok                            |
| POST /v1/device/delete                                  | READ_WRITE   | no             | device     | ok                            |
| GET /v1/device/is_active/:project_id/:job_id/:device_id | READ_ONLY    | itself         | job        | ok                            |
| GET /v1/device/next_job/:project_id                     | nobody       | of the project | project    | ok                            |
| POST /v1/device/submit_model_update                     | nobody       | taking part    | job        | ok                            |
| POST /v1/device/submit_evaluation                       | nobody       | taking part    | job        | ok                            |
| POST /v1/device/heartbeat                               | nobody       | of the project | job        | ok                            |
| POST /v1/device/report_metrics                          | nobody       | taking part    | job        | ok                            |
| POST /v1/device/report_failure                          | nobody       | taking part    | job        | ok                            |
| POST /v1/upload                                         | ticket       | ticket         | nothing    | ticket_invalid                |
| PUT /v1/upload                                          | ticket       | ticket         | nothing    | ticket_invalid                |
| GET /v1/download                                        | ticket       | ticket         | nothing    | ticket_invalid                |
| GET /livez                                              | everyone     | everyone       | nothing    | ok                            |
| GET /readyz                                             | everyone     | everyone       | nothing    | ok                            |
| GET /metrics                                            | everyone     | everyone       | nothing    | ok                            |
| GET /                                                   | everyone     | everyone       | nothing    | ok                            |
| GET /openapi.json                                       | everyone     | everyone       | nothing    | ok                            |
| GET /llms.txt                                           | everyone     | everyone       | nothing    | ok                            |
| GET /problems                                           | everyone     | everyone       | nothing    | ok                            |
| GET /docs                                               | everyone     | everyone       | nothing    | ok                            |
`);

/** What people hear, by what they are to the project and what the operation needs. `in`: they are let in. */
export const people = table(`
| who                | READ_ONLY         | READ_WRITE        | ADMIN             | any user | a session        | server admin          | nobody              |
| ------------------ | ----------------- | ----------------- | ----------------- | -------- | ---------------- | --------------------- | ------------------- |
| owner              | in                | in                | in                | in       | session_required | server_admin_required | device_key_required |
| admin              | in                | in                | in                | in       | session_required | server_admin_required | device_key_required |
| read-write         | in                | in                | permission_denied | in       | session_required | server_admin_required | device_key_required |
| read-only          | in                | permission_denied | permission_denied | in       | session_required | server_admin_required | device_key_required |
| demoted member     | in                | permission_denied | permission_denied | in       | session_required | server_admin_required | device_key_required |
| removed member     | project_not_found | project_not_found | project_not_found | in       | session_required | server_admin_required | device_key_required |
| owner elsewhere    | project_not_found | project_not_found | project_not_found | in       | session_required | server_admin_required | device_key_required |
| no project         | project_not_found | project_not_found | project_not_found | in       | session_required | server_admin_required | device_key_required |
| the server admin   | project_not_found | project_not_found | project_not_found | in       | session_required | in                    | device_key_required |
`);

/** What devices hear, by what they are to the project and the job, and by how far the operation lets devices in. */
export const devices = table(`
| who               | no                | any | of the project    | itself            | drawn             | taking part       |
| ----------------- | ----------------- | --- | ----------------- | ----------------- | ----------------- | ----------------- |
| device in job     | user_key_required | in  | in                | in                | in                | in                |
| device not in job | user_key_required | in  | in                | permission_denied | permission_denied | device_not_drawn  |
| device elsewhere  | user_key_required | in  | project_not_found | project_not_found | project_not_found | project_not_found |
`);

/** Who is not let in anywhere but where everyone is, and where a ticket counts. */
export const strangers = table(`
| who                         | hears       |
| --------------------------- | ----------- |
| revoked user key            | key_invalid |
| revoked device key          | key_invalid |
| device of a deleted project | key_invalid |
| expired key                 | key_invalid |
| malformed key               | key_invalid |
| overlong key                | key_invalid |
| key with a changed secret   | key_invalid |
| no key                      | key_missing |
`);

/**
 * What changes when the object is not there. Only who is let in learns anything of objects; when the project itself is
 * not there (or not the caller's), everyone who would have to be a member, or a device of it, hears the same.
 */
export const objects = table(`
| object     | never existed        | deleted              | in another project   |
| ---------- | -------------------- | -------------------- | -------------------- |
| project    | project_not_found    | project_not_found    | -                    |
| experiment | experiment_not_found | -                    | experiment_not_found |
| job        | job_not_found        | -                    | job_not_found        |
| sweep      | sweep_not_found      | -                    | sweep_not_found      |
| device     | device_not_found     | device_not_found     | device_not_found     |
| member     | member_not_found     | member_not_found     | member_not_found     |
| user       | user_not_found       | -                    | -                    |
| key        | key_not_found        | -                    | key_not_found        |
| session    | session_not_found    | -                    | session_not_found    |
`);
