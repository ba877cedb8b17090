#include "forge.h"

#include <string.h>

#include "base/buf.h"

/*
 * Limits: GitHub 65,536 characters, GitLab 1,000,000, Bitbucket 32,768, Azure DevOps
 * 150,000; kept a little below, since they count differently.
 */
static const struct forge forges[] = {
    {
        .name = "github",
        .limit = 65000,
        .marker = {"<!-- ", " -->"},
        .token_variables = {"ADVISOR_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"},
        .authorization = "Authorization: Bearer {token}",
        .api_variable = "GITHUB_API_URL",
        .api = "https://api.github.com",
        .repo_variables = {"GITHUB_REPOSITORY"},
        .change_variables = {"ADVISOR_CHANGE", "GITHUB_REF"},
        .run_variables = {"ADVISOR_RUN", "GITHUB_RUN_NUMBER"},
        .list_path = "{api}/repos/{repo}/issues/{change}/comments?per_page=100",
        .items = "",
        .id = "id",
        .text = "body",
        .author = "user.login",
        .me_path = "{api}/user",
        .me = "login",
        .me_otherwise = "github-actions[bot]", /* the token of a workflow may not ask */
        .create_method = "POST",
        .create_path = "{api}/repos/{repo}/issues/{change}/comments",
        .create_body = "{\"body\":{body}}",
        .update_method = "PATCH",
        .update_path = "{api}/repos/{repo}/issues/comments/{id}",
        .update_body = "{\"body\":{body}}",
        .delete_method = "DELETE",
        .delete_path = "{api}/repos/{repo}/issues/comments/{id}",
        .hide_api_variable = "GITHUB_GRAPHQL_URL",
        .hide_api = "https://api.github.com/graphql",
        .hide_body = "{\"query\":\"mutation($id:ID!){minimizeComment(input:{subjectId:$id,"
                     "classifier:OUTDATED}){clientMutationId}}\",\"variables\":{\"id\":{hide}}}",
        .hide_id = "node_id",
    },
    {
        .name = "gitlab",
        .limit = 990000,
        .marker = {"<!-- ", " -->"},
        .token_variables = {"ADVISOR_TOKEN", "GITLAB_TOKEN"},
        .authorization = "PRIVATE-TOKEN: {token}",
        .api_variable = "CI_API_V4_URL",
        .api = "https://gitlab.com/api/v4",
        .repo_variables = {"CI_PROJECT_ID"},
        .repo_is_one_part = true,
        .change_variables = {"ADVISOR_CHANGE", "CI_MERGE_REQUEST_IID"},
        .run_variables = {"ADVISOR_RUN", "CI_PIPELINE_IID"},
        .list_path = "{api}/projects/{repo}/merge_requests/{change}/notes?per_page=100"
                     "&order_by=created_at&sort=asc",
        .items = "",
        .id = "id",
        .text = "body",
        .author = "author.username",
        .me_path = "{api}/user",
        .me = "username",
        .create_method = "POST",
        .create_path = "{api}/projects/{repo}/merge_requests/{change}/notes",
        .create_body = "{\"body\":{body}}",
        .update_method = "PUT",
        .update_path = "{api}/projects/{repo}/merge_requests/{change}/notes/{id}",
        .update_body = "{\"body\":{body}}",
        .delete_method = "DELETE",
        .delete_path = "{api}/projects/{repo}/merge_requests/{change}/notes/{id}",
    },
    {
        .name = "bitbucket",
        .limit = 32000,
        .marker = {"[//]: # (", ")"},
        .token_variables = {"ADVISOR_TOKEN", "BITBUCKET_TOKEN"},
        .authorization = "Authorization: Bearer {token}",
        .api_variable = "BITBUCKET_API_URL",
        .api = "https://api.bitbucket.org/2.0",
        .repo_variables = {"BITBUCKET_REPO_FULL_NAME"},
        .change_variables = {"ADVISOR_CHANGE", "BITBUCKET_PR_ID"},
        .run_variables = {"ADVISOR_RUN", "BITBUCKET_BUILD_NUMBER"},
        .list_path = "{api}/repositories/{repo}/pullrequests/{change}/comments?pagelen=100"
                     "&sort=created_on",
        .items = "values",
        .next = "next",
        .id = "id",
        .text = "content.raw",
        .author = "user.uuid",
        .me_path = "{api}/user",
        .me = "uuid",
        .create_method = "POST",
        .create_path = "{api}/repositories/{repo}/pullrequests/{change}/comments",
        .create_body = "{\"content\":{\"raw\":{body}}}",
        .update_method = "PUT",
        .update_path = "{api}/repositories/{repo}/pullrequests/{change}/comments/{id}",
        .update_body = "{\"content\":{\"raw\":{body}}}",
        .delete_method = "DELETE",
        .delete_path = "{api}/repositories/{repo}/pullrequests/{change}/comments/{id}",
    },
    {
        .name = "azure",
        .limit = 148000,
        .marker = {"<!-- ", " -->"},
        .token_variables = {"ADVISOR_TOKEN", "SYSTEM_ACCESSTOKEN", "AZURE_DEVOPS_TOKEN"},
        .authorization = "Authorization: Bearer {token}",
        .api_variable = "SYSTEM_COLLECTIONURI",
        .repo_variables = {"SYSTEM_TEAMPROJECTID", "BUILD_REPOSITORY_ID"},
        .repo_form = "{0}/_apis/git/repositories/{1}",
        .change_variables = {"ADVISOR_CHANGE", "SYSTEM_PULLREQUEST_PULLREQUESTID"},
        .run_variables = {"ADVISOR_RUN", "BUILD_BUILDID"},
        .list_path = "{api}/{repo}/pullRequests/{change}/threads?api-version=7.1",
        .items = "value",
        .threads = true,
        .id = "id",
        .text = "content",
        .author = "author.id",
        .me_path = "{api}/_apis/connectionData",
        .me = "authenticatedUser.id",
        .create_method = "POST",
        .create_path = "{api}/{repo}/pullRequests/{change}/threads?api-version=7.1",
        .create_body = "{\"comments\":[{\"parentCommentId\":0,\"content\":{body},"
                       "\"commentType\":1}],\"status\":\"closed\"}",
        .update_method = "PATCH",
        .update_path =
            "{api}/{repo}/pullRequests/{change}/threads/{thread}/comments/{id}?api-version=7.1",
        .update_body = "{\"content\":{body}}",
        .delete_method = "DELETE",
        .delete_path =
            "{api}/{repo}/pullRequests/{change}/threads/{thread}/comments/{id}?api-version=7.1",
    },
};

const struct forge *forge_named(const char *name)
{
    for (size_t i = 0; i < sizeof forges / sizeof *forges; i++)
        if (!strcmp(forges[i].name, name))
            return &forges[i];
    return NULL;
}

const char *forge_fill(struct arena *arena, const char *form, const char *const *names,
                       const char *const *values, size_t count)
{
    struct buf out = BUF_INIT;
    while (*form) {
        size_t i = 0, n = 0;
        for (; *form == '{' && i < count; i++) {
            n = strlen(names[i]);
            if (!strncmp(form + 1, names[i], n) && form[n + 1] == '}')
                break;
        }
        if (*form == '{' && i < count) {
            buf_add(&out, values[i] ? values[i] : "");
            form += n + 2;
        } else {
            buf_add_char(&out, *form++);
        }
    }
    const char *text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}
