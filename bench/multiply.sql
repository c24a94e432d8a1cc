-- A larger region out of one that make_region made: six copies of everybody, told apart by key, reference and pseudonym.
-- No trigger fires: nobody reads changes yet.
SET session_replication_role = replica;
DO $$
DECLARE step bigint; k int;
BEGIN
  SELECT max(id) INTO step FROM candidates_candidate;
  FOR k IN 1..6 LOOP
    INSERT INTO candidates_candidate (id, public_id, version, home_id, external_reference, pseudonym,
      postal_code, status, status_until, unemployed_since, available_from, hours_min, hours_max, shifts,
      own_transport, max_distance_km, cv_text, confirmed_on, licences_reviewed_on, certificates_reviewed_on,
      languages_reviewed_on, skills_reviewed_on, occupations_reviewed_on, hours_reviewed_on,
      transport_reviewed_on, hired_from, tie_seed, created_at, changed_at)
    SELECT id + k*step, gen_random_uuid(), version, home_id, external_reference || '-' || k, 'C' || k || '-'
      || id, postal_code, status, status_until, unemployed_since, available_from, hours_min, hours_max,
      shifts, own_transport, max_distance_km, cv_text, confirmed_on, licences_reviewed_on,
      certificates_reviewed_on, languages_reviewed_on, skills_reviewed_on, occupations_reviewed_on,
      hours_reviewed_on, transport_reviewed_on, hired_from, (random()*2147483645)::bigint + 1, created_at,
      changed_at FROM candidates_candidate WHERE id <= step;
    INSERT INTO candidates_candidateskill (candidate_id, skill_id, documented) SELECT candidate_id + k*step,
      skill_id, documented FROM candidates_candidateskill WHERE candidate_id <= step;
    INSERT INTO candidates_candidateoccupation (candidate_id, isco_id, title, months) SELECT candidate_id +
      k*step, isco_id, title, months FROM candidates_candidateoccupation WHERE candidate_id <= step;
    INSERT INTO candidates_jobgoal (candidate_id, isco_id) SELECT candidate_id + k*step, isco_id FROM
      candidates_jobgoal WHERE candidate_id <= step;
    INSERT INTO candidates_candidatelicence (candidate_id, licence_id) SELECT candidate_id + k*step,
      licence_id FROM candidates_candidatelicence WHERE candidate_id <= step;
    INSERT INTO candidates_candidatecertificate (candidate_id, certificate_id, valid_through) SELECT
      candidate_id + k*step, certificate_id, valid_through FROM candidates_candidatecertificate WHERE
      candidate_id <= step;
    INSERT INTO candidates_candidatelanguage (candidate_id, language_id, oral, written) SELECT candidate_id +
      k*step, language_id, oral, written FROM candidates_candidatelanguage WHERE candidate_id <= step;
  END LOOP;
END $$;
ANALYZE;
