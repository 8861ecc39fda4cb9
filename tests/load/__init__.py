"""Many candidates at once, in processes of this machine, over a line to AWS on which calls fail.

faulty_endpoint  a proxy before the local AWS that loses, refuses or breaks off a share of the calls
candidate_day    what one candidate does in process: sign-in, socket, plan, pictures, answers, hand-in
picture_queue    pictures through a queue into the vision function, as often as it delivers them
load_run         all of it in several processes, and what is stored afterwards against what was sent
"""
